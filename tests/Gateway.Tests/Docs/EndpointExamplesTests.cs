using System.Diagnostics;
using System.Text.RegularExpressions;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Docs;

/// <summary>The examples of docs/endpoints.md run against a gateway whose provider <c>openai</c> answers as OpenAI does.</summary>
public sealed partial class EndpointExamplesTests
{
    public static TheoryData<string> Commands => [.. Block().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs/endpoints.md"))).Select(m => m.Groups[1].Value)];

    [ShellTheory]
    [MemberData(nameof(Commands))]
    public async Task Command_AsDocumented_Succeeds(string command)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Handle(AnswerAsync));
        await using var gateway = await GatewayHost.StartAsync($$""" "providers": { "openai": { "baseUrl": "{{upstream.BaseUri}}", "apiKey": "env:UP_KEY" } } """);
        var directory = Directory.CreateTempSubdirectory("gateway-docs-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(directory.FullName, "requests.jsonl"), "{}\n");
            var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = directory.FullName };
            start.Environment["GATEWAY_URL"] = gateway.BaseUri.GetLeftPart(UriPartial.Authority);
            start.Environment["GATEWAY_KEY"] = GatewayHost.Key;
            using var shell = Process.Start(start)!;
            var errors = shell.StandardError.ReadToEndAsync();
            var output = await shell.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
            await shell.WaitForExitAsync();
            Assert.True(shell.ExitCode == 0, $"{command}\n{output}{await errors}");
            Assert.Equal(command.Split("curl ").Length - 1, upstream.Exchanges.Count);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static Task AnswerAsync(UpstreamExchange exchange) => (exchange.Method, exchange.Target) switch
    {
        ("POST", "/v1/images/generations") => JsonAsync(exchange, """{"created":1,"data":[{"b64_json":"AQID"}],"usage":{"input_tokens":11,"output_tokens":272,"total_tokens":283}}"""),
        ("POST", "/v1/audio/speech") => SendAsync(exchange, "audio/mpeg", "sound"),
        ("POST", "/v1/audio/transcriptions") => JsonAsync(exchange, """{"text":"Good morning."}"""),
        ("POST", "/v1/moderations") => JsonAsync(exchange, """{"id":"modr-1","model":"omni-moderation-latest","results":[]}"""),
        ("POST", "/v1/files") => JsonAsync(exchange, """{"id":"file-1","object":"file"}"""),
        ("POST" or "GET", "/v1/batches" or "/v1/batches/batch_1") => JsonAsync(exchange, """{"id":"batch_1","object":"batch","status":"completed","input_file_id":"file-1","output_file_id":"file-2"}"""),
        ("GET", "/v1/files/file-2/content") => SendAsync(exchange, "application/octet-stream", "{}\n"),
        _ => throw new InvalidOperationException($"{exchange.Method} {exchange.Target} is not expected."),
    };

    private static Task JsonAsync(UpstreamExchange exchange, string body) => SendAsync(exchange, "application/json", body);

    private static async Task SendAsync(UpstreamExchange exchange, string type, string body)
    {
        exchange.Context.Response.ContentType = type;
        await exchange.Context.Response.BodyWriter.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body));
    }

    [GeneratedRegex("```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
