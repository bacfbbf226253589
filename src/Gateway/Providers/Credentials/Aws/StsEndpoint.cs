namespace Gateway.Providers.Credentials.Aws;

/// <summary>Where AWS exchanges one identity for another: the region's own endpoint, over https.</summary>
internal static class StsEndpoint
{
    /// <summary>Names another endpoint.</summary>
    public const string Variable = "AWS_ENDPOINT_URL_STS";

    /// <summary>Finds it.</summary>
    /// <returns>Null when it is good, otherwise what is wrong with the variable.</returns>
    public static string? Find(CredentialServices services, string region, out Uri? uri)
    {
        var domain = region.StartsWith("cn-", StringComparison.Ordinal) ? "amazonaws.com.cn" : "amazonaws.com";
        if (EndpointAddress.Parse(services.Variable(Variable) ?? $"https://sts.{region}.{domain}", out uri) is { } fault)
            return $"{Variable} {fault}";
        return uri!.Scheme == Uri.UriSchemeHttps || CredentialHttp.IsLoopback(uri)
            ? null
            : $"{Variable} must be an https:// URL, or an http:// URL of this machine";
    }
}
