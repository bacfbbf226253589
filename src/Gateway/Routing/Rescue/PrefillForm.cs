namespace Gateway.Routing.Rescue;

/// <summary>How a target is made to go on with a turn of its own that stands last.</summary>
internal enum PrefillForm
{
    /// <summary>It can't be, or it is not known to.</summary>
    None,

    /// <summary>It goes on with it unasked, or by a flag that the codec writes.</summary>
    Plain,

    /// <summary>The same, but its answer begins with what it was given.</summary>
    Echoed,

    /// <summary>By a flag on the turn, <c>prefix</c>.</summary>
    TurnFlag,

    /// <summary>By flags of the request, <c>continue_final_message</c> and <c>add_generation_prompt</c>.</summary>
    RequestFlags,
}
