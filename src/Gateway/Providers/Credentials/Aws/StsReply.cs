using System.Text;
using System.Xml;
using Gateway.Secrets;

namespace Gateway.Providers.Credentials.Aws;

/// <summary>Reads what STS answers: XML whose <c>Credentials</c> element has what is wanted.</summary>
internal static class StsReply
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreWhitespace = true };

    /// <summary>Reads credentials.</summary>
    /// <exception cref="CredentialException">They are not there.</exception>
    public static AwsCredentials Read(CredentialOrigin origin, byte[] xml)
    {
        var found = new Dictionary<string, string>();
        try
        {
            using var reader = XmlReader.Create(new StringReader(Encoding.UTF8.GetString(xml)), Settings);
            if (!reader.ReadToFollowing("Credentials"))
                throw origin.Failed("answered something that holds no credentials");
            var depth = reader.Depth;
            reader.Read();
            while (reader.Depth > depth)
            {
                if (reader.NodeType == XmlNodeType.Element) found[reader.LocalName] = reader.ReadElementContentAsString();
                else reader.Read();
            }
        }
        catch (XmlException)
        {
            throw origin.Failed("answered something that can't be read");
        }

        if (found.GetValueOrDefault("AccessKeyId") is { Length: > 0 } id
            && found.GetValueOrDefault("SecretAccessKey") is { Length: > 0 } secret
            && found.GetValueOrDefault("SessionToken") is { Length: > 0 } token
            && found.GetValueOrDefault("Expiration") is { } end)
        {
            return new AwsCredentials(id, new Secret(secret), new Secret(token), AwsCredentialReply.ReadTime(origin, end));
        }

        throw origin.Failed("answered something that holds no credentials");
    }
}
