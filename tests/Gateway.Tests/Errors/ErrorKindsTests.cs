using System.Reflection;
using Gateway.Errors;

namespace Gateway.Tests.Errors;

public class ErrorKindsTests
{
    [Fact]
    public void ErrorsPage_ListsEveryKind_AsTheCodeHasIt()
    {
        var rows = File.ReadLines(Path.Combine(Repository.Root, "docs", "errors.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..6])
            .Select(cells => $"{cells[0].Trim('`')} {cells[1]} {cells[2]} {cells[3]} {cells[4]}");
        var kinds = typeof(ErrorKinds).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (ErrorKind)field.GetValue(null)!)
            .Select(kind => $"{kind.Code} {kind.Status} {kind.Stage.ToString().ToLowerInvariant()} {kind.Blame.ToString().ToLowerInvariant()} {(kind.Retryable ? "yes" : "no")}");
        Assert.Equal(kinds.Order(), rows.Order());
    }
}
