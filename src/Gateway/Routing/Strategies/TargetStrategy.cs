namespace Gateway.Routing.Strategies;

/// <summary>Chooses among targets that can serve. What it needs to know of them is in their live state, which all replicas of a target's use share.</summary>
internal abstract class TargetStrategy
{
    /// <summary>Its name in configuration and in decision records.</summary>
    public abstract string Name { get; }

    /// <summary>Chooses: what keeps a conversation on one target goes before the strategy. Called for every request with more than one candidate.</summary>
    /// <inheritdoc cref="Choose"/>
    public int Pick(ReadOnlySpan<TargetSnapshot> candidates, in RouteQuestion question) =>
        question.Affinity != 0 ? HashStrategy.Prefer(candidates, question.Affinity) : Choose(candidates, question);

    /// <summary>Chooses. Allocates nothing, takes no lock.</summary>
    /// <param name="candidates">At least two, in the order written, none of which has been tried for this request.</param>
    /// <param name="question">What is asked.</param>
    /// <returns>The index of the chosen one.</returns>
    public abstract int Choose(ReadOnlySpan<TargetSnapshot> candidates, in RouteQuestion question);
}
