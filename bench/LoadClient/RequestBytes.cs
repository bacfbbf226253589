using System.Globalization;
using System.Text;

namespace LoadClient;

/// <summary>A request, rendered once.</summary>
internal static class RequestBytes
{
    private const int BodyBytes = 1024;

    /// <summary>A chat request with a body of 1,024 bytes. Its model and <c>stream</c> come first, where the fake upstream looks.</summary>
    public static byte[] Chat(Target target, string key, bool stream)
    {
        var start = "{\"model\":\"" + target.Model + "\"," + (stream ? "\"stream\":true,\"stream_options\":{\"include_usage\":true}," : "")
            + "\"temperature\":0.7,\"messages\":[{\"role\":\"user\",\"content\":\"";
        const string End = "\"}]}";
        var body = start + string.Concat(Enumerable.Repeat("Say it again. ", BodyBytes))[..(BodyBytes - start.Length - End.Length)] + End;
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"POST {target.Url.PathAndQuery} HTTP/1.1\r\nHost: {target.Url.Authority}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nAccept: */*\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
    }

    public static byte[] Get(Uri url) =>
        Encoding.ASCII.GetBytes($"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nAccept: */*\r\n\r\n");
}
