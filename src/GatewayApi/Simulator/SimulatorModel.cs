namespace GatewayApi.Simulator;

/// <summary>A model the simulator serves.</summary>
/// <param name="Id">The name on the wire.</param>
/// <param name="Fault">What goes wrong when it is asked.</param>
internal sealed record SimulatorModel(string Id, SimulatorFault Fault)
{
    /// <summary>Repeats the last user text.</summary>
    public const string Echo = "echo";

    /// <summary>Answers with a canned text picked by the input.</summary>
    public const string Chat = "chat";

    /// <summary>Thinks aloud, then answers.</summary>
    public const string Reasoner = "reasoner";

    /// <summary>Answers in JSON even when no format is asked.</summary>
    public const string Json = "json";

    /// <summary>Calls the tools it is given.</summary>
    public const string Tools = "tools";

    /// <summary>Embeds.</summary>
    public const string Embed = "embed";

    /// <summary>Every model, in the order they are listed.</summary>
    public static IReadOnlyList<SimulatorModel> All { get; } =
    [
        new(Chat, SimulatorFault.None),
        new(Echo, SimulatorFault.None),
        new(Reasoner, SimulatorFault.None),
        new(Json, SimulatorFault.None),
        new(Tools, SimulatorFault.None),
        new(Embed, SimulatorFault.None),
        new("fault-429", SimulatorFault.RateLimited),
        new("fault-500-once", SimulatorFault.ErrorOnce),
        new("fault-503", SimulatorFault.Overloaded),
        new("fault-reset", SimulatorFault.Reset),
        new("fault-silence", SimulatorFault.Silence),
        new("fault-slow-first-token", SimulatorFault.SlowFirstToken),
        new("fault-cut", SimulatorFault.Cut),
        new("fault-stall", SimulatorFault.Stall),
        new("fault-malformed", SimulatorFault.Malformed),
        new("fault-no-done", SimulatorFault.NoDone),
        new("fault-context-length", SimulatorFault.ContextLength),
        new("fault-content-filter", SimulatorFault.ContentFilter),
    ];

    /// <summary>The model of that name.</summary>
    /// <exception cref="SimulatorException">404 model_not_found, naming the models there are.</exception>
    public static SimulatorModel Find(string id)
    {
        foreach (var model in All)
        {
            if (model.Id == id)
                return model;
        }

        throw new SimulatorException(404, "The model '" + id + "' does not exist. The simulator serves: " + string.Join(", ", All.Select(m => m.Id)) + ".")
        {
            Code = "model_not_found",
            Parameter = "model",
        };
    }
}
