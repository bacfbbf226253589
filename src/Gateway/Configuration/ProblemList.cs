namespace Gateway.Configuration;

/// <summary>Collects problems, so that all are reported at once.</summary>
internal sealed class ProblemList
{
    private readonly List<ConfigProblem> _problems = [];

    /// <summary>Everything found so far, in the order found.</summary>
    public IReadOnlyList<ConfigProblem> Items => _problems;

    /// <summary>Adds a problem.</summary>
    public void Add(string path, string message) => _problems.Add(new ConfigProblem(path, message));

    /// <summary>Adds a problem.</summary>
    public void Add(ConfigProblem problem) => _problems.Add(problem);

    /// <summary>True when something at or below a path is already reported, so that what follows from it need not be.</summary>
    public bool Touches(string path)
    {
        foreach (var problem in _problems)
        {
            if (problem.Path.StartsWith(path, StringComparison.Ordinal)) return true;
        }

        return false;
    }
}
