using Gateway.Budgets;

namespace Gateway.Admission.Directory;

/// <summary>Finds limits by their ids among what the directory says now.</summary>
internal sealed class LimitFinder(IDirectory directory)
{
    /// <summary>The limit with this id, or null when there is none any more.</summary>
    public LimitSpec? Find(string id)
    {
        var parts = id.Split(':');
        if (parts.Length != 3 || !Enum.TryParse<EntityKind>(parts[0], ignoreCase: true, out var kind) || directory.Current.Find(kind, parts[1]) is not { } owner)
            return null;
        try
        {
            return LimitCompiler.Compile(kind, owner.Value).FirstOrDefault(limit => limit.Id == id);
        }
        catch (InvalidDataException)
        {
            return null; // a newer gateway's: left to it
        }
    }
}
