using System.Globalization;
using System.Text;
using FaultUpstream.Wires;

namespace FaultUpstream;

/// <summary>A request and where its reply goes: what faults are made of.</summary>
/// <param name="request">The request.</param>
/// <param name="port">Where the reply goes.</param>
/// <param name="options">How the server is.</param>
/// <param name="leaving">Cancelled when the client leaves or the server stops.</param>
internal sealed class Exchange(SeenRequest request, ReplyPort port, FaultServerOptions options, CancellationToken leaving)
{
    /// <summary>The request.</summary>
    public SeenRequest Request { get; } = request;

    /// <summary>Where the reply goes.</summary>
    public ReplyPort Port { get; } = port;

    /// <summary>How the server is.</summary>
    public FaultServerOptions Options { get; } = options;

    /// <summary>The wire of the request.</summary>
    public AnswerWire Wire { get; } = AnswerWire.Of(request.Path);

    /// <summary>The right answer.</summary>
    public Answer Answer { get; } = Answer.To(request, options);

    /// <summary>Sends the whole right answer in the form asked for.</summary>
    public async Task AnswerAsync()
    {
        if (!Request.IsStream)
        {
            await JsonAsync(200, Wire.Whole(Answer));
            return;
        }

        await StreamAsync();
        await SendAsync(Wire.Opening(Answer));
        await WordsAsync(0, Answer.Words.Length);
        await CloseAsync();
    }

    /// <summary>Begins a stream.</summary>
    public Task StreamAsync(string type = "text/event-stream; charset=utf-8", params (string Name, string Value)[] headers) =>
        Port.HeadAsync(200, null, [("Content-Type", type), .. headers]);

    /// <summary>Sends events.</summary>
    public async Task SendAsync(params IEnumerable<string> events)
    {
        foreach (var item in events)
            await Port.BodyAsync(Encoding.UTF8.GetBytes(item));
    }

    /// <summary>Sends words of the answer, one event each.</summary>
    public async Task WordsAsync(int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (Options.Pace > TimeSpan.Zero)
                await PauseAsync(Options.Pace);
            await SendAsync(Wire.Word(Answer, Answer.Words[i]));
        }
    }

    /// <summary>Sends the right beginning of the answer: half of its words.</summary>
    public async Task HalfAsync()
    {
        await StreamAsync();
        await SendAsync(Wire.Opening(Answer));
        await WordsAsync(0, Answer.Words.Length / 2);
    }

    /// <summary>Sends the second half and the end.</summary>
    public async Task OtherHalfAsync()
    {
        await WordsAsync(Answer.Words.Length / 2, Answer.Words.Length);
        await CloseAsync();
    }

    /// <summary>Ends a stream properly.</summary>
    public async Task CloseAsync()
    {
        await SendAsync([.. Wire.Finish(Answer), .. Wire.Usage(Answer), Wire.Terminator]);
        await Port.EndAsync();
    }

    /// <summary>Sends a whole body.</summary>
    public Task JsonAsync(int status, string json, params (string Name, string Value)[] headers) => WholeAsync(status, "application/json", json, headers);

    /// <summary>Sends a whole body of some type.</summary>
    public async Task WholeAsync(int status, string type, string text, params (string Name, string Value)[] headers)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        await Port.HeadAsync(status, bytes.Length, [("Content-Type", type), .. headers]);
        await Port.BodyAsync(bytes);
        await Port.EndAsync();
    }

    /// <summary>Sends an error of the wire.</summary>
    public Task ErrorAsync(int status, string type, string? code, string message, string? param = null, params (string Name, string Value)[] headers) =>
        JsonAsync(status, Wire.Error(type, code, message, param), headers);

    /// <summary>Refuses with 429 and says when to come back.</summary>
    /// <param name="wait">How long to stay away, whole seconds.</param>
    public Task RefuseAsync(TimeSpan wait) => RefuseAsync(wait, ("Retry-After", wait.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)));

    /// <summary>Refuses with 429 and says when to come back.</summary>
    public async Task RefuseAsync(TimeSpan wait, params (string Name, string Value)[] headers)
    {
        Forbid(wait);
        await ErrorAsync(429, "rate_limit_error", "rate_limit_exceeded", "Too many requests.", null, headers);
    }

    /// <summary>Notes that the client is told to stay away.</summary>
    public void Forbid(TimeSpan wait) =>
        Request.NotBefore = Options.Time.GetTimestamp() + (long)(wait.TotalSeconds * Options.Time.TimestampFrequency);

    /// <summary>Waits, unless the client leaves.</summary>
    public Task PauseAsync(TimeSpan pause) => Task.Delay(pause, Options.Time, leaving);

    /// <summary>Waits until the client leaves.</summary>
    public Task HangAsync() => Task.Delay(Timeout.InfiniteTimeSpan, leaving);
}
