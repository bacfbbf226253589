using System.ClientModel;
using System.Text;
using Gateway.Tests.Testing;
using OpenAI.Audio;
using OpenAI.Images;
using OpenAI.Moderations;

#pragma warning disable OPENAI001 // The SDK marks parts of its media clients as experimental.

namespace Gateway.Tests.Surfaces;

/// <summary>Images, speech, transcripts and moderation through the official SDK and by hand.</summary>
public sealed class MediaTests(ScriptedGateway gateway) : IClassFixture<ScriptedGateway>
{
    private const string Image = """{"created":1,"data":[{"b64_json":"AQID"}],"usage":{"input_tokens":11,"output_tokens":272,"total_tokens":283,"input_tokens_details":{"text_tokens":11,"image_tokens":0}}}""";

    [Fact]
    public async Task Images_Generated_ArriveAndAreMetered()
    {
        gateway.Next(Script.Json(Image));

        GeneratedImage image = await Sdk.Client(gateway.Host).GetImageClient("up/gpt-image-1").GenerateImageAsync("a cat");

        Assert.Equal([1, 2, 3], image.ImageBytes.ToArray());
        Assert.Equal("/v1/images/generations", gateway.LastExchange.Target);
        Assert.Contains("\"model\":\"gpt-image-1\"", gateway.LastExchange.BodyText, StringComparison.Ordinal);
        var entry = await gateway.NewestEntryAsync();
        Assert.Equal(("image_generation", 11, 272, false), (entry.GetProperty("operation").GetString(), entry.GetProperty("input_tokens").GetInt64(), entry.GetProperty("output_tokens").GetInt64(), entry.GetProperty("estimated").GetBoolean()));
    }

    [Fact]
    public async Task Images_WithoutUsage_AreEstimatedByTheirNumber()
    {
        gateway.Next(Script.Json("""{"created":1,"data":[{"url":"https://x/1"},{"url":"https://x/2"}]}"""));

        await RawReply.PostAsync(gateway.Host, "/v1/images/generations", """{"model":"up/dall-e-2","prompt":"a cat","n":2}""");

        var entry = await gateway.NewestEntryAsync();
        Assert.True(entry.GetProperty("estimated").GetBoolean());
        Assert.Equal(2 * 1056, entry.GetProperty("output_tokens").GetInt64());
        Assert.True(entry.GetProperty("cost_nano_usd").GetInt64() > 0);
    }

    [Fact]
    public async Task Images_Streamed_EndWithTheirLastEventAndUsage()
    {
        gateway.Next(Script.Stream()
            .Write("event: image_generation.partial_image\ndata: {\"type\":\"image_generation.partial_image\",\"b64_json\":\"AQ==\"}\n\n")
            .Write("event: image_generation.completed\ndata: {\"type\":\"image_generation.completed\",\"b64_json\":\"AQI=\",\"usage\":{\"input_tokens\":3,\"output_tokens\":5}}\n\n"));

        var reply = await RawReply.PostAsync(gateway.Host, "/v1/images/generations", """{"model":"up/gpt-image-1","prompt":"a","stream":true}""");

        Assert.True(reply.IsProperEnd);
        Assert.Equal(2, reply.Data.Count);
        var entry = await gateway.NewestEntryAsync();
        Assert.Equal((5, true), (entry.GetProperty("output_tokens").GetInt64(), entry.GetProperty("streamed").GetBoolean()));
    }

    [Fact]
    public async Task ImageEdit_OfTheSdk_ArrivesWithTheTargetsModel()
    {
        gateway.Next(Script.Json(Image));

        GeneratedImage image = await Sdk.Client(gateway.Host).GetImageClient("up/gpt-image-1").GenerateImageEditAsync(new MemoryStream([1, 2, 3]), "in.png", "a hat");

        Assert.Equal([1, 2, 3], image.ImageBytes.ToArray());
        var parts = await FormOf(gateway.LastExchange);
        Assert.Equal("gpt-image-1", Assert.Single(parts, p => p.Name == "model").Text);
        Assert.Equal("a hat", Assert.Single(parts, p => p.Name == "prompt").Text);
    }

    [Fact]
    public async Task Moderation_OfTheSdk_Arrives()
    {
        gateway.Next(Script.Json("""{"id":"modr-1","model":"omni-moderation-latest","results":[{"flagged":true,"categories":{},"category_scores":{}}]}"""));

        ModerationResult result = await Sdk.Client(gateway.Host).GetModerationClient("up/omni-moderation-latest").ClassifyTextAsync("bad words");

        Assert.True(result.Flagged);
        Assert.Equal("moderation", (await gateway.NewestEntryAsync()).GetProperty("operation").GetString());
    }

    [Fact]
    public async Task Moderation_WithoutModel_IsRefusedClearly()
    {
        var reply = await RawReply.PostAsync(gateway.Host, "/v1/moderations", """{"input":"x"}""");

        Assert.Equal((400, "missing_parameter"), (reply.Status, reply.ErrorCode));
    }

    [Fact]
    public async Task Speech_OfTheSdk_ArrivesByteForByteAndIsEstimated()
    {
        var audio = Enumerable.Range(0, 100_000).Select(i => (byte)i).ToArray();
        gateway.Next(Script.Reply(200, "audio/mpeg").Write(audio.AsMemory(0, 70_000)).Write(audio.AsMemory(70_000)));

        var reply = await Sdk.Client(gateway.Host).GetAudioClient("up/tts-1").GenerateSpeechAsync("Hello there, world", GeneratedSpeechVoice.Alloy);

        Assert.Equal(audio, reply.Value.ToArray());
        Assert.Equal("audio/mpeg", reply.GetRawResponse().Headers.TryGetValue("Content-Type", out var type) ? type : null);
        var entry = await gateway.NewestEntryAsync();
        Assert.Equal(("speech", true, "completed"), (entry.GetProperty("operation").GetString(), entry.GetProperty("estimated").GetBoolean(), entry.GetProperty("outcome").GetString()));
        Assert.True(entry.GetProperty("input_tokens").GetInt64() >= 4);
    }

    [Fact]
    public async Task Speech_FirstBytes_ArriveBeforeTheLast()
    {
        var seen = new TaskCompletionSource();
        gateway.Next(Script.Reply(200, "audio/mpeg").Write("one").Write("two").Wait(seen.Task).Write("three"));

        using var response = await gateway.Host.PostAsync("/v1/audio/speech", """{"model":"up/tts-1","input":"x","voice":"alloy"}""");
        await using var body = await response.Content.ReadAsStreamAsync();
        seen.SetResult(); // headers came while the provider was still speaking

        using var all = new StreamReader(body);
        Assert.Equal("onetwothree", await all.ReadToEndAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Speech_BrokenOff_DoesNotEndLikeASuccess(bool declared)
    {
        var script = Script.Reply(200, "audio/mpeg");
        gateway.Next((declared ? script.ContentLength(1000) : script).Write("some").Write("audio").ThenClose());

        var reply = await RawReply.PostAsync(gateway.Host, "/v1/audio/speech", """{"model":"up/tts-1","input":"x","voice":"alloy"}""");

        Assert.False(reply.IsProperEnd);
        Assert.DoesNotContain("error", reply.Text, StringComparison.Ordinal);
        Assert.Equal("interrupted", (await gateway.NewestEntryAsync()).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Speech_AsEvents_EndsWithItsDoneEvent()
    {
        gateway.Next(Script.Sse("""{"type":"speech.audio.delta","audio":"AQ=="}""", """{"type":"speech.audio.done","usage":{"input_tokens":4,"output_tokens":9,"total_tokens":13}}"""));

        var reply = await RawReply.PostAsync(gateway.Host, "/v1/audio/speech", """{"model":"up/gpt-4o-mini-tts","input":"x","voice":"alloy","stream_format":"sse"}""");

        Assert.True(reply.IsProperEnd);
        Assert.Equal(9, (await gateway.NewestEntryAsync()).GetProperty("output_tokens").GetInt64());
    }

    [Fact]
    public async Task Speech_EventsBrokenOff_EndInAnError()
    {
        gateway.Next(Script.Sse("""{"type":"speech.audio.delta","audio":"AQ=="}"""));

        var reply = await RawReply.PostAsync(gateway.Host, "/v1/audio/speech", """{"model":"up/gpt-4o-mini-tts","input":"x","voice":"alloy","stream_format":"sse"}""");

        Assert.Equal("stream_interrupted", reply.ErrorCode);
        Assert.False(reply.IsProperEnd);
    }

    [Fact]
    public async Task Speech_ProviderRefuses_GivesItsError()
    {
        gateway.Next(Script.Error(400, "invalid_voice", "invalid_request_error", "no such voice"));

        var error = await Assert.ThrowsAsync<ClientResultException>(() => Sdk.Client(gateway.Host).GetAudioClient("up/tts-1").GenerateSpeechAsync("x", GeneratedSpeechVoice.Alloy));

        Assert.Equal((400, "invalid_voice"), (error.Status, Sdk.ErrorOf(error).Code));
    }

    [Fact]
    public async Task Transcription_OfTheSdk_FileFirst_ArrivesWhole()
    {
        gateway.Next(Script.Json("""{"text":"hello","usage":{"type":"duration","seconds":3}}"""));
        var audio = Enumerable.Range(0, 200_000).Select(i => (byte)(i * 7)).ToArray();

        AudioTranscription reply = await Sdk.Client(gateway.Host).GetAudioClient("up/whisper-1").TranscribeAudioAsync(new MemoryStream(audio), "a.mp3");

        Assert.Equal("hello", reply.Text);
        var parts = await FormOf(gateway.LastExchange);
        Assert.Equal("whisper-1", Assert.Single(parts, p => p.Name == "model").Text);
        Assert.Equal(audio, Assert.Single(parts, p => p.Name == "file").Bytes);
        var entry = await gateway.NewestEntryAsync();
        Assert.Equal((30, true), (entry.GetProperty("input_tokens").GetInt64(), entry.GetProperty("estimated").GetBoolean()));
    }

    [Theory]
    [InlineData("text/plain; charset=utf-8", "hello\n")]
    [InlineData("text/vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nhello\n")]
    public async Task Transcription_AsText_KeepsItsType(string type, string text)
    {
        gateway.Next(Script.Reply(200, type).ContentLength(Encoding.UTF8.GetByteCount(text)).Write(text));

        using var form = new MultipartFormDataContent { { new StringContent("up/whisper-1"), "model" }, { new ByteArrayContent([1, 2]), "file", "a.wav" } };
        using var response = await gateway.Host.Client.PostAsync("/v1/audio/transcriptions", form);

        Assert.Equal(type, response.Content.Headers.ContentType!.ToString());
        Assert.Equal(text, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Transcription_AsEvents_IsStreamed()
    {
        gateway.Next(Script.Sse("""{"type":"transcript.text.delta","delta":"he"}""", """{"type":"transcript.text.done","text":"he","usage":{"type":"tokens","input_tokens":14,"output_tokens":2,"total_tokens":16}}"""));

        using var form = new MultipartFormDataContent { { new StringContent("up/t"), "model" }, { new StringContent("true"), "stream" }, { new ByteArrayContent([1, 2]), "file", "a.wav" } };
        var reply = await RawReply.ReadAsync(await gateway.Host.Client.PostAsync("/v1/audio/translations", form));

        Assert.True(reply.IsProperEnd);
        Assert.Equal(2, reply.Data.Count);
        Assert.Equal(14, (await gateway.NewestEntryAsync()).GetProperty("input_tokens").GetInt64());
    }

    [Fact]
    public async Task Transcription_ModelFirst_GoesOnByteForByteWithItsLength()
    {
        gateway.Next(Script.Json("""{"text":"x"}"""));
        var port = gateway.Host.BaseUri.Port;
        using var client = new System.Net.Sockets.TcpClient("127.0.0.1", port);
        await using var wire = client.GetStream();
        const string Head = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nup/m\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n";
        const string Rest = "DATA\r\n--b--\r\n";
        await wire.WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/audio/transcriptions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {GatewayHost.Key}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {Head.Length + Rest.Length}\r\n\r\n{Head}"));
        await wire.WriteAsync(Encoding.ASCII.GetBytes(Rest));
        using var reader = new StreamReader(wire);

        var reply = await reader.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 200", reply, StringComparison.Ordinal);
        Assert.Equal("--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm" + Head[(Head.IndexOf("up/m", StringComparison.Ordinal) + 4)..] + Rest, gateway.LastExchange.BodyText);
        Assert.Equal(gateway.LastExchange.Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), gateway.LastExchange.Headers.ContentLength.ToString());
    }

    [Fact]
    public async Task Transcription_ModelInTheQuery_LeavesTheBodysOut()
    {
        gateway.Next(Script.Json("""{"text":"x"}"""));

        using var form = new MultipartFormDataContent { { new ByteArrayContent([1, 2]), "file", "a.wav" }, { new StringContent("ignored"), "model" } };
        using var response = await gateway.Host.Client.PostAsync("/v1/audio/transcriptions?model=up/whisper-1", form);

        response.EnsureSuccessStatusCode();
        var parts = await FormOf(gateway.LastExchange);
        Assert.Equal("whisper-1", Assert.Single(parts, p => p.Name == "model").Text);
        Assert.Equal([1, 2], Assert.Single(parts, p => p.Name == "file").Bytes);
    }

    [Fact]
    public async Task Transcription_TwoModels_IsRefused()
    {
        using var form = new MultipartFormDataContent { { new StringContent("up/a"), "model" }, { new StringContent("up/b"), "model" }, { new ByteArrayContent([1]), "file", "a" } };
        var reply = await RawReply.ReadAsync(await gateway.Host.Client.PostAsync("/v1/audio/transcriptions", form));

        Assert.Equal((400, "invalid_parameter"), (reply.Status, reply.ErrorCode));
    }

    [Fact]
    public async Task Transcription_NoModel_IsRefused()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent([1]), "file", "a" } };
        var reply = await RawReply.ReadAsync(await gateway.Host.Client.PostAsync("/v1/audio/transcriptions", form));

        Assert.Equal((400, "missing_parameter"), (reply.Status, reply.ErrorCode));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Transcription_TooLarge_Is413(bool modelFirst)
    {
        using var form = new MultipartFormDataContent();
        if (modelFirst)
            form.Add(new StringContent("up/m"), "model");
        form.Add(new ByteArrayContent(new byte[1_100_000]), "file", "a");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/transcriptions") { Content = form };
        request.Headers.TransferEncodingChunked = true;

        var reply = await RawReply.ReadAsync(await gateway.Host.Client.SendAsync(request));

        Assert.Equal((413, "request_too_large"), (reply.Status, reply.ErrorCode));
    }

    [Fact]
    public async Task Transcription_Json_IsNoMultipart()
    {
        var reply = await RawReply.PostAsync(gateway.Host, "/v1/audio/transcriptions", """{"model":"up/m"}""");

        Assert.Equal((415, "unsupported_media_type"), (reply.Status, reply.ErrorCode));
    }

    private static async Task<List<(string? Name, byte[] Bytes, string Text)>> FormOf(UpstreamExchange exchange)
    {
        var boundary = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(exchange.Headers.ContentType.ToString()).Parameters.First(p => p.Name == "boundary").Value!.Trim('"');
        var reader = new Microsoft.AspNetCore.WebUtilities.MultipartReader(boundary, new MemoryStream(exchange.Body));
        var parts = new List<(string?, byte[], string)>();
        while (await reader.ReadNextSectionAsync() is { } section)
        {
            using var bytes = new MemoryStream();
            await section.Body.CopyToAsync(bytes);
            var disposition = Microsoft.Net.Http.Headers.ContentDispositionHeaderValue.Parse(section.ContentDisposition);
            parts.Add((disposition.Name.ToString().Trim('"'), bytes.ToArray(), Encoding.UTF8.GetString(bytes.ToArray())));
        }

        return parts;
    }
}
