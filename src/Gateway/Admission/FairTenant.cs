namespace Gateway.Admission;

/// <summary>A tenant with waiting requests, as the queue sees it. Guarded by the queue.</summary>
internal sealed class FairTenant
{
    public FairTenant(string name)
    {
        Name = name;
        Place = new LinkedListNode<FairTenant>(this);
    }

    /// <summary>The tenant.</summary>
    public string Name { get; }

    /// <summary>Its place in the round.</summary>
    public LinkedListNode<FairTenant> Place { get; }

    /// <summary>Its share against others', as its last request said.</summary>
    public int Weight { get; set; } = 1;

    /// <summary>How many requests it may still have served in this turn.</summary>
    public int Deficit { get; set; }

    /// <summary>Its requests in order of arrival.</summary>
    public LinkedList<FairWaiter> Waiting { get; } = [];
}
