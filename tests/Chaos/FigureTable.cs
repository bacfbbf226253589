using System.Text;

namespace Chaos;

/// <summary>Runs side by side, as a table of Markdown.</summary>
internal static class FigureTable
{
    /// <summary>A row for each figure, a column for each run.</summary>
    public static string Write(IReadOnlyList<(string Title, Figures Figures)> runs)
    {
        var names = runs.SelectMany(run => run.Figures.Names).Distinct().ToList();
        var wide = names.Append("figure").Max(name => name.Length);
        var widths = runs.Select(run => names.Select(run.Figures.Of).Append(run.Title).Max(text => text.Length)).ToList();
        var table = new StringBuilder();
        table.Append("| ").Append("figure".PadRight(wide));
        for (var i = 0; i < runs.Count; i++)
            table.Append(" | ").Append(runs[i].Title.PadLeft(widths[i]));
        table.Append(" |\n|").Append('-', wide + 2);
        foreach (var width in widths)
            table.Append('|').Append('-', width + 1).Append(':');
        table.Append("|\n");
        foreach (var name in names)
        {
            table.Append("| ").Append(name.PadRight(wide));
            for (var i = 0; i < runs.Count; i++)
                table.Append(" | ").Append(runs[i].Figures.Of(name).PadLeft(widths[i]));
            table.Append(" |\n");
        }

        return table.ToString();
    }
}
