using System.Text;
using System.Text.Json;
using OpenAI.Chat;

namespace Gateway.Tests.Simulator;

/// <summary>Chat Completions through the official SDK and on the wire.</summary>
public sealed class SimulatorChatTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const string Chat = "/chat/completions";

    [Fact]
    public async Task Complete_Echo_RepeatsTheLastUserText()
    {
        ChatCompletion reply = await simulator.OpenAi.GetChatClient("echo").CompleteChatAsync(
            [new SystemChatMessage("be kind"), new UserChatMessage("first"), new AssistantChatMessage("ok"), new UserChatMessage("Grüße 🎉")]);

        Assert.Equal("Grüße 🎉", reply.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, reply.FinishReason);
        Assert.Equal("echo", reply.Model);
        Assert.StartsWith("chatcmpl-", reply.Id);
        Assert.True(reply.Usage.InputTokenCount > 10);
        Assert.Equal(reply.Usage.InputTokenCount + reply.Usage.OutputTokenCount, reply.Usage.TotalTokenCount);
        Assert.Equal(0, reply.Usage.InputTokenDetails.CachedTokenCount);
    }

    [Fact]
    public async Task Complete_Chat_SaysTheSameForTheSameInput()
    {
        var client = simulator.OpenAi.GetChatClient("chat");
        var texts = new List<string>();
        foreach (var prompt in new[] { "Why is the sky blue?", "Why is the sky blue?", "Why is grass green?" })
        {
            ChatCompletion reply = await client.CompleteChatAsync(prompt);
            texts.Add(reply.Content[0].Text);
            Assert.InRange(reply.Usage.OutputTokenCount, 60, 140);
        }

        Assert.Equal(texts[0], texts[1]);
        Assert.NotEqual(texts[0], texts[2]);
        Assert.Contains("Why is the sky blue", texts[0]);
    }

    [Theory]
    [InlineData("echo")]
    [InlineData("chat")]
    [InlineData("json")]
    public async Task Stream_AnyModel_GivesTheTextAndUsageOfTheWholeReply(string model)
    {
        var client = simulator.OpenAi.GetChatClient(model);
        const string Prompt = "Tell me about tides, in 東京 too.";
        ChatCompletion whole = await client.CompleteChatAsync(Prompt);
        var text = new StringBuilder();
        ChatFinishReason? finish = null;
        ChatTokenUsage? usage = null;

        await foreach (var update in client.CompleteChatStreamingAsync(Prompt))
        {
            foreach (var part in update.ContentUpdate)
                text.Append(part.Text);
            finish ??= update.FinishReason;
            usage ??= update.Usage;
        }

        Assert.Equal(whole.Content[0].Text, text.ToString());
        Assert.Equal(ChatFinishReason.Stop, finish);
        Assert.Equal(whole.Usage.OutputTokenCount, usage!.OutputTokenCount);
        Assert.Equal(whole.Usage.InputTokenCount, usage.InputTokenCount);
    }

    [Fact]
    public async Task Stream_WithUsage_HasNullUsageThenAChunkWithoutChoices()
    {
        var data = await simulator.PostStreamAsync(Chat, """{"model":"echo","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi you"}]}""");

        Assert.Equal("[DONE]", data[^1]);
        var chunks = data[..^1].ConvertAll(SimulatorFixture.Parse);
        Assert.Equal("assistant", chunks[0].GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString());
        Assert.All(chunks[..^1], chunk => Assert.Equal(JsonValueKind.Null, chunk.GetProperty("usage").ValueKind));
        Assert.All(chunks, chunk => Assert.Equal("chat.completion.chunk", chunk.GetProperty("object").GetString()));
        Assert.Single(chunks.Select(chunk => chunk.GetProperty("id").GetString()).Distinct());
        Assert.Equal("stop", chunks[^2].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(0, chunks[^1].GetProperty("choices").GetArrayLength());
        Assert.Equal(2, chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Stream_WithoutUsage_NeverMentionsIt()
    {
        var data = await simulator.PostStreamAsync(Chat, """{"model":"echo","stream":true,"messages":[{"role":"user","content":"hi"}]}""");

        Assert.DoesNotContain(data, item => item.Contains("usage", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Complete_Reasoner_ThinksFirstAndCountsIt()
    {
        const string Body = """{"model":"reasoner","messages":[{"role":"user","content":"2 + 2?"}]""";
        var whole = await simulator.PostJsonAsync(Chat, Body + "}");
        var message = whole.GetProperty("choices")[0].GetProperty("message");
        var reasoning = whole.GetProperty("usage").GetProperty("completion_tokens_details").GetProperty("reasoning_tokens").GetInt32();
        Assert.InRange(reasoning, 20, 80);
        Assert.True(whole.GetProperty("usage").GetProperty("completion_tokens").GetInt32() > reasoning);

        string thoughts = "", text = "";
        foreach (var item in (await simulator.PostStreamAsync(Chat, Body + ""","stream":true}"""))[..^1])
        {
            var delta = SimulatorFixture.Parse(item).GetProperty("choices")[0].GetProperty("delta");
            if (delta.TryGetProperty("reasoning_content", out var thought))
            {
                Assert.Empty(text);
                thoughts += thought.GetString();
            }
            else if (delta.TryGetProperty("content", out var content))
            {
                text += content.GetString();
            }
        }

        Assert.Equal(message.GetProperty("reasoning_content").GetString(), thoughts);
        Assert.Equal(message.GetProperty("content").GetString(), text);
    }

    [Theory]
    [InlineData("max_tokens")]
    [InlineData("max_completion_tokens")]
    public async Task Complete_TokenLimit_EndsWithLength(string member)
    {
        var reply = await simulator.PostJsonAsync(Chat, $$"""{"model":"chat","{{member}}":5,"messages":[{"role":"user","content":"hi"}]}""");

        Assert.Equal("length", reply.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(5, reply.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Theory]
    [InlineData("\"three\"")]
    [InlineData("[\"nowhere\",\"three\"]")]
    public async Task Complete_Stop_EndsBeforeIt(string stop)
    {
        var reply = await simulator.PostJsonAsync(Chat, $$"""{"model":"echo","stop":{{stop}},"messages":[{"role":"user","content":"one two three four"}]}""");

        Assert.Equal("one two ", reply.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("stop", reply.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Complete_SeveralChoices_DifferAndStreamAlike()
    {
        const string Body = """{"model":"chat","n":3,"seed":7,"messages":[{"role":"user","content":"hi"}]""";
        var whole = await simulator.PostJsonAsync(Chat, Body + "}");
        var texts = whole.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("message").GetProperty("content").GetString()!).ToList();
        Assert.Equal(3, texts.Distinct().Count());

        var streamed = new[] { "", "", "" };
        var finishes = 0;
        foreach (var item in (await simulator.PostStreamAsync(Chat, Body + ""","stream":true}"""))[..^1])
        {
            var choice = SimulatorFixture.Parse(item).GetProperty("choices")[0];
            if (choice.GetProperty("delta").TryGetProperty("content", out var content))
                streamed[choice.GetProperty("index").GetInt32()] += content.GetString();
            if (choice.GetProperty("finish_reason").ValueKind == JsonValueKind.String)
                finishes++;
        }

        Assert.Equal(texts, streamed);
        Assert.Equal(3, finishes);
    }

    [Fact]
    public async Task Complete_AnotherSeed_SaysSomethingElse()
    {
        var one = await simulator.PostJsonAsync(Chat, """{"model":"chat","seed":1,"messages":[{"role":"user","content":"hi"}]}""");
        var two = await simulator.PostJsonAsync(Chat, """{"model":"chat","seed":2,"messages":[{"role":"user","content":"hi"}]}""");

        Assert.NotEqual(
            one.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(),
            two.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
    }

    [Fact]
    public async Task Complete_Images_SaysHowManyItSees()
    {
        ChatCompletion reply = await simulator.OpenAi.GetChatClient("chat").CompleteChatAsync(new UserChatMessage(
            ChatMessageContentPart.CreateTextPart("What is this?"),
            ChatMessageContentPart.CreateImagePart(new Uri("https://example.com/a.png")),
            ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(new byte[] { 1, 2, 3 }), "image/png")));

        Assert.StartsWith("I see 2 images.", reply.Content[0].Text);
    }

    [Fact]
    public async Task Complete_AudioAndFile_AreAccepted()
    {
        var reply = await simulator.PostJsonAsync(Chat, """
            {"model":"echo","messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}},
            {"type":"file","file":{"file_data":"data:application/pdf;base64,AA==","filename":"a.pdf"}},{"type":"text","text":"these"}]}]}
            """);

        Assert.Equal("these (I see 2 files.)", reply.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
    }

    [Fact]
    public async Task Complete_LongPrompt_CountsPartAsCached()
    {
        ChatCompletion reply = await simulator.OpenAi.GetChatClient("chat").CompleteChatAsync(string.Concat(Enumerable.Repeat("word ", 3000)));

        Assert.InRange(reply.Usage.InputTokenDetails.CachedTokenCount, 1024, reply.Usage.InputTokenCount);
        Assert.Equal(0, reply.Usage.InputTokenDetails.CachedTokenCount % 128);
    }

    [Theory]
    [InlineData("""a \ud83d b""", "a \uFFFD b")]
    [InlineData("""\ude00 lone low""", "\uFFFD lone low")]
    [InlineData("""\ud83d\ude00 pair \n \"q\" \\ \/""", "😀 pair \n \"q\" \\ /")]
    public async Task Complete_SurrogateEscapes_AreReadForgivingly(string json, string expected)
    {
        var reply = await simulator.PostJsonAsync(Chat, $$"""{"model":"echo","messages":[{"role":"user","content":"{{json}}"}]}""");

        Assert.Equal(expected, reply.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
    }

    [Fact]
    public async Task Complete_InvalidUtf8_IsReadForgivingly()
    {
        byte[] body = [.. """{"model":"echo","messages":[{"role":"user","content":"x"""u8, 0xF0, 0x9F, .. "\"}]}"u8];
        using var response = await simulator.PostAsync(Chat, body);

        var reply = SimulatorFixture.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("x\uFFFD", reply.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
    }
}
