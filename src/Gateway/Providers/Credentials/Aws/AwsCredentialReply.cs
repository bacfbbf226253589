using System.Globalization;
using System.Text.Json;
using Gateway.Secrets;

namespace Gateway.Providers.Credentials.Aws;

/// <summary>Reads the JSON that the container and instance metadata endpoints answer with.</summary>
internal static class AwsCredentialReply
{
    /// <summary>Reads credentials.</summary>
    /// <exception cref="CredentialException">They are not there, or not whole.</exception>
    public static AwsCredentials Read(CredentialOrigin origin, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            // Only a word of letters is repeated: anything else may be something else.
            if (Text(root, "Code") is { } code and not "Success")
                throw origin.Failed(code.All(char.IsAsciiLetterOrDigit) && code.Length < 64 ? $"answered with the code {code}" : "answered with a failure");
            if (Text(root, "AccessKeyId") is { Length: > 0 } id && Text(root, "SecretAccessKey") is { Length: > 0 } secret)
            {
                return new AwsCredentials(
                    id,
                    new Secret(secret),
                    Text(root, "Token") is { Length: > 0 } token ? new Secret(token) : null,
                    Text(root, "Expiration") is { } end ? ReadTime(origin, end) : null);
            }
        }
        catch (JsonException)
        {
            // Not repeated as the inner exception: it may quote what was received.
        }
        catch (InvalidOperationException)
        {
            // A value of another type.
        }

        throw origin.Failed("answered something that holds no credentials");
    }

    /// <summary>Reads a time such as <c>2030-01-02T03:04:05Z</c>.</summary>
    public static DateTimeOffset ReadTime(CredentialOrigin origin, string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw origin.Failed("answered with an expiry that is no time");

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetString() : null;
}
