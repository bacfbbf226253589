using System.Text.Json;
using Gateway.Dialects;
using Gateway.Dialects.OpenAiChat;
using Gateway.Transport;

namespace Gateway.Benchmarks.Operations;

/// <summary>What happens to a request body: read the minimum, splice model and usage, send the pieces.</summary>
internal sealed class SpliceOperation(int bytes)
{
    private static readonly byte[] Model = JsonSerializer.SerializeToUtf8Bytes("model-1", (System.Text.Json.Serialization.Metadata.JsonTypeInfo<string>)JsonSerializerOptions.Default.GetTypeInfo(typeof(string)));

    private readonly byte[] _body = Samples.Request(bytes, stream: true);
    private readonly OpenAiChatDialect _dialect = new();

    /// <summary>Does it once.</summary>
    public Task RunAsync()
    {
        var facts = new RequestFacts();
        if (_dialect.ReadRequest(_body, facts) is not null)
            throw new InvalidOperationException("The sample is not a request.");
        var usage = facts.StreamUsage;
        var content = new SplicedContent(
            _body,
            new Splice(facts.ModelStart, facts.ModelLength, Model),
            new Splice(usage.Start, usage.Length, _dialect.UsageSpliceBytes(usage.Kind)));
        return content.CopyToAsync(Stream.Null);
    }
}
