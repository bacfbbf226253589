namespace Gateway.Jobs;

/// <summary>Every job there is: the one declaration that all hosts of jobs share.</summary>
internal sealed class JobCatalogue
{
    private readonly Dictionary<string, IJob> _byName;

    /// <summary>Makes one.</summary>
    /// <exception cref="ArgumentException">Two jobs have the same name.</exception>
    public JobCatalogue(IEnumerable<IJob> jobs)
    {
        All = [.. jobs];
        _byName = All.ToDictionary(job => job.Name, StringComparer.Ordinal);
    }

    /// <summary>The jobs.</summary>
    public IReadOnlyList<IJob> All { get; }

    /// <summary>The job of a name, or null.</summary>
    public IJob? Find(string name) => _byName.GetValueOrDefault(name);
}
