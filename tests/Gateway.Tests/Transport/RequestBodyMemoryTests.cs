using System.IO.Pipelines;
using System.Text;
using GatewayApi.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Gateway.Dialects;
using Gateway.Dialects.OpenAiChat;
using Gateway.Transport;

namespace Gateway.Tests.Transport;

/// <summary>A body with a large image: one pooled array, filled once, and nothing of its size besides on its way through.</summary>
public class RequestBodyMemoryTests
{
    private const int Size = 10 << 20;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LargeBody_TakenInReadAndSpliced_CostsOneBuffer(bool declared)
    {
        var sent = Encoding.UTF8.GetBytes("{\"messages\":[{\"image_url\":\"data:image/png;base64," + new string('A', Size) + "\"}],\"model\":\"a\",\"stream\":true}");
        await TakeInAsync(sent, declared);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var taking = TakeInAsync(sent, declared);
        Assert.True(taking.IsCompletedSuccessfully); // all on this thread, so that the count is whole
        // The array itself comes from the pool by now; before, it is the only allocation of that size.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 10);
    }

    private static async Task TakeInAsync(byte[] sent, bool declared)
    {
        var http = new DefaultHttpContext();
        http.Features.Set<IRequestBodyPipeFeature>(new Pipe(sent));
        http.Request.ContentLength = declared ? sent.Length : null;
        using var body = await new HttpClientExchange(http).ReadBodyAsync(32 << 20);
        var facts = new RequestFacts();
        Assert.Null(new OpenAiChatDialect().ReadRequest(body!.WrittenSpan, facts));
        using var content = new SplicedContent(body.WrittenMemory, new Splice(facts.ModelStart, facts.ModelLength, "\"other\""u8.ToArray()), new Splice(facts.StreamUsage.Start, facts.StreamUsage.Length, "\"s\":{},"u8.ToArray()));
        await content.CopyToAsync(Stream.Null);
    }

    /// <summary>The client's bytes where the server has them: in memory of its own.</summary>
    private sealed class Pipe(byte[] bytes) : IRequestBodyPipeFeature
    {
        public PipeReader Reader { get; } = PipeReader.Create(new System.Buffers.ReadOnlySequence<byte>(bytes));
    }
}
