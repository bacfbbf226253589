using System.Globalization;
using System.Text.Json;
using Gateway.Providers.Credentials.Aws;
using Gateway.Secrets;

namespace Gateway.Tests.Providers.Credentials.Aws;

/// <summary>Our signatures are those of AWS's own signer; see tests/golden/sigv4/README.md.</summary>
public class SigV4GoldenTests
{
    public static TheoryData<string> Names => [.. Requests().Select(r => r.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Sign_GoldenRequest_IsAsAwsSignsIt(string name)
    {
        var golden = Requests().Single(r => r.GetProperty("name").GetString() == name);
        var token = golden.GetProperty("sessionToken").GetString();
        var timestamp = Text("timestamp");
        List<KeyValuePair<string, string>> headers = [.. golden.GetProperty("headers").EnumerateObject().Select(h => KeyValuePair.Create(h.Name, h.Value.GetString()!))];
        headers.Add(new("X-Amz-Date", timestamp));
        if (token is not null) headers.Add(new("X-Amz-Security-Token", token));
        var request = new SigV4Request(Text("method"), Text("path"), Text("query"), headers, SigV4Expectation.Hash(Body(Text("body"))), timestamp);
        var credentials = new AwsCredentials(Text("accessKeyId"), new Secret(Text("secretAccessKey")), token is null ? null : new Secret(token));

        new SigV4Expectation(Text("canonicalRequest"), Text("stringToSign"), Text("authorization"))
            .Check(name, request, credentials, Text("region"), Text("service"));

        string Text(string member) => golden.GetProperty(member).GetString()!;
    }

    private static string Body(string written) =>
        written.Split(':') is ["REPEAT", [var c], var times] ? new string(c, int.Parse(times, CultureInfo.InvariantCulture)) : written;

    private static IEnumerable<JsonElement> Requests()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "golden", "sigv4", "requests.json")));
        return [.. file.RootElement.EnumerateArray().Select(e => e.Clone())];
    }
}
