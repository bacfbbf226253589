using System.Text.Json;
using Gateway.Providers.Credentials.Aws;
using Gateway.Secrets;
using Gateway.Tests.Surfaces;
using Gateway.Tests.Testing;
using Xunit.Abstractions;

namespace Gateway.Tests.Providers.Credentials.Aws;

/// <summary>AWS's published signing test suite, as far as it is about signing into headers; see tests/golden/sigv4/README.md.</summary>
public class SigV4SuiteTests(ITestOutputHelper output)
{
    [NodeFact]
    public async Task Sign_EveryPublishedVector_IsAsPublished()
    {
        await using var node = NodeScript.Start(["sigv4-vectors.mjs"]);
        using var suite = JsonDocument.Parse(await node.ReadLineAsync());
        var credentials = suite.RootElement.GetProperty("credentials");
        var keys = new AwsCredentials(credentials.GetProperty("accessKeyId").GetString()!, new Secret(credentials.GetProperty("secretAccessKey").GetString()!), null);
        var signer = new SigV4Signer(suite.RootElement.GetProperty("region").GetString()!, suite.RootElement.GetProperty("service").GetString()!);

        var vectors = suite.RootElement.GetProperty("requests").EnumerateArray().ToList();

        Assert.Equal(24, vectors.Count);
        Assert.All(vectors, vector => Assert.Equal(vector.GetProperty("authorization").GetString(), signer.Sign(RequestOf(vector.GetProperty("request")), keys)));
        output.WriteLine($"{vectors.Count} vectors passed, and {CheckFolder()} of a folder");
    }

    // The same suite as AWS keeps it has canonical requests and a few vectors more.
    private static int CheckFolder()
    {
        if (Environment.GetEnvironmentVariable("AWS_SIGV4_SUITE") is not { } folder)
            return 0;
        var vectors = Directory.GetDirectories(folder).Where(d => File.Exists(Path.Combine(d, "header-signature.txt"))).Order().ToList();
        Assert.True(vectors.Count >= 30);
        foreach (var vector in vectors) Check(vector);
        return vectors.Count;
    }

    private static SigV4Request RequestOf(JsonElement request)
    {
        var query = request.GetProperty("query").EnumerateObject().Select(p => $"{Uri.EscapeDataString(p.Name)}={Uri.EscapeDataString(p.Value.GetString()!)}");
        List<KeyValuePair<string, string>> headers = [.. request.GetProperty("headers").EnumerateObject().Select(h => KeyValuePair.Create(h.Name, h.Value.GetString()!))];
        var body = request.TryGetProperty("body", out var text) ? text.GetString()! : "";
        return new SigV4Request(
            request.GetProperty("method").GetString()!, request.GetProperty("path").GetString()!, string.Join('&', query), headers,
            SigV4Expectation.Hash(body), request.GetProperty("headers").GetProperty("x-amz-date").GetString()!);
    }

    private static void Check(string directory)
    {
        using var context = JsonDocument.Parse(Read("context.json"));
        var root = context.RootElement;
        var credentials = root.GetProperty("credentials");
        var token = credentials.TryGetProperty("token", out var written) ? new Secret(written.GetString()!) : null;
        var omitted = root.TryGetProperty("omit_session_token", out var omit) && omit.GetBoolean();
        var signBody = root.GetProperty("sign_body").GetBoolean();
        var timestamp = root.GetProperty("timestamp").GetString()!.Replace("-", "", StringComparison.Ordinal).Replace(":", "", StringComparison.Ordinal);

        var (head, body) = Read("request.txt").Split("\n\n", 2) is [var h, var b] ? (h, b) : (Read("request.txt"), "");
        var lines = head.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var (method, target) = (lines[0][..lines[0].IndexOf(' ', StringComparison.Ordinal)], lines[0][(lines[0].IndexOf(' ', StringComparison.Ordinal) + 1)..lines[0].LastIndexOf(' ')]);
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var headers = Headers(lines[1..]);
        headers.Add(new("X-Amz-Date", timestamp));
        if (token is not null && !omitted) headers.Add(new("X-Amz-Security-Token", token.Reveal()));
        var hash = SigV4Expectation.Hash(body);
        if (signBody) headers.Add(new("x-amz-content-sha256", hash));

        var authorization = Read("header-signed-request.txt").Split('\n').Single(l => l.StartsWith("Authorization:", StringComparison.OrdinalIgnoreCase))["Authorization:".Length..].Trim();
        new SigV4Expectation(Read("header-canonical-request.txt"), Read("header-string-to-sign.txt"), authorization).Check(
            Path.GetFileName(directory),
            new SigV4Request(method, query < 0 ? target : target[..query], query < 0 ? "" : target[(query + 1)..], headers, hash, timestamp),
            new AwsCredentials(credentials.GetProperty("access_key_id").GetString()!, new Secret(credentials.GetProperty("secret_access_key").GetString()!), token),
            root.GetProperty("region").GetString()!,
            root.GetProperty("service").GetString()!,
            literalPath: !root.GetProperty("normalize").GetBoolean());

        string Read(string file) => File.ReadAllText(Path.Combine(directory, file)).ReplaceLineEndings("\n");
    }

    // A line that begins with white space goes on with the header before it.
    private static List<KeyValuePair<string, string>> Headers(IEnumerable<string> lines)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var line in lines)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (char.IsWhiteSpace(line[0])) headers[^1] = new(headers[^1].Key, headers[^1].Value + "\n" + line);
            else headers.Add(new(line[..colon], line[(colon + 1)..]));
        }

        return headers;
    }
}
