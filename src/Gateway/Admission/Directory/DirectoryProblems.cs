namespace Gateway.Admission.Directory;

/// <summary>Finds what is wrong between what files declare and what the journal has.</summary>
internal static class DirectoryProblems
{
    /// <summary>One line for each problem, in a fixed order.</summary>
    public static IReadOnlyList<string> Find(IReadOnlyList<EntityRecord> stored, IReadOnlyList<EntityRecord> declared)
    {
        var problems = new List<string>();
        var files = declared.Select(d => (d.Kind, d.Value.Id)).ToHashSet();
        var known = stored.Select(s => (s.Kind, s.Value.Id)).Concat(files).ToHashSet();
        foreach (var record in stored)
        {
            var word = EntityKinds.Word(record.Kind);
            if (files.Contains((record.Kind, record.Value.Id)))
                problems.Add($"The {word} \"{record.Value.Id}\" is declared in a file and was also made through the admin API. The file's counts; delete the other one, or take it out of the file.");
            else if (EntityKinds.ParentOf(record.Value) is var (kind, id) && !known.Contains((kind, id)))
                problems.Add($"The {word} \"{record.Value.Id}\" belongs to the {EntityKinds.Word(kind)} \"{id}\", which no file declares any more. What is under it is refused.");
        }

        problems.Sort(StringComparer.Ordinal);
        return problems;
    }
}
