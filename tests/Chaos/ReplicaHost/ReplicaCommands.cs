using Gateway.Admission.Directory;

namespace ReplicaHost;

/// <summary>
/// What the chaos run asks of one replica, a line each: <c>create ID</c> makes a virtual key and answers <c>created VALUE</c>; <c>disable ID</c> answers
/// <c>disabled</c>. The replica ends with its input, so that it does not outlive whoever started it.
/// </summary>
internal sealed class ReplicaCommands(IServiceProvider services)
{
    /// <summary>Follows the input to its end.</summary>
    public async Task RunAsync(IHostApplicationLifetime lifetime)
    {
        using var input = new StreamReader(Console.OpenStandardInput());
        try
        {
            while (await input.ReadLineAsync(lifetime.ApplicationStopping) is { } line)
                Console.WriteLine(await AnswerAsync(line.Split(' ')));
        }
        catch (OperationCanceledException)
        {
            return;
        }

        lifetime.StopApplication();
    }

    private async Task<string> AnswerAsync(string[] words)
    {
        var keys = services.GetRequiredService<KeyOperations>();
        try
        {
            return words switch
            {
                ["create", var id] => "created " + (await keys.CreateAsync(new KeyEntity { Id = id, Name = id, Models = ["*"] }, "chaos")).Value,
                ["disable", var id] => (await keys.SetDisabledAsync(id, true, "chaos")).Outcome == DirectoryOutcome.Changed ? "disabled" : "failed",
                _ => "failed",
            };
        }
        catch (IOException e)
        {
            return "failed " + e.Message;
        }
    }
}
