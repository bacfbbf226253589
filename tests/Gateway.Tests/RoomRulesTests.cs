using System.Reflection;
using System.Text.RegularExpressions;

namespace Gateway.Tests;

/// <summary>Keeps the rooms of src/Gateway apart: which room may name which, read from the sources' <c>using</c> lines and qualified names.</summary>
public partial class RoomRulesTests
{
    /// <summary>What each room may reference. A room that is missing here fails the test.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Transport"] = [],
        ["Protocol"] = ["Metering"], // tokens are counted in one type
        ["Errors"] = [],
        ["Secrets"] = [],
        ["State"] = [],
        ["Metering"] = ["Errors", "Pipeline", "Protocol", "State", "Dialects", "Routing"], // each attempt of a request is settled by itself
        ["Dialects"] = ["Errors", "Transport", "Metering", "Protocol"],
        ["Providers"] = ["Errors", "Protocol", "Secrets", "Transport", "Metering"],
        ["Routing"] = ["Errors", "Pipeline", "Protocol", "Providers", "Transport", "Dialects", "Metering", "Secrets", "State"],
        ["Events"] = [],
        ["Audit"] = ["State", "Events"],
        ["Budgets"] = ["Errors", "Metering", "Pipeline", "Routing", "State", "Events", "Dialects", "Protocol"],
        ["Caching"] = ["Secrets"],
        ["Jobs"] = ["Admission", "Audit", "Budgets", "Caching", "Events", "Metering", "Providers", "Routing", "State", "Transport"], // it watches over targets, and probes providers
        ["Admission"] = ["Audit", "Budgets", "Errors", "Pipeline", "Protocol", "Routing", "State"],
        ["Surfaces"] = ["Errors", "Pipeline", "Protocol", "Dialects"],
        ["Pipeline"] = ["Admission", "Budgets", "Configuration", "Dialects", "Errors", "Metering", "Protocol", "Providers", "Routing", "Transport"],
        // The snapshot compiler sees what it compiles into.
        ["Configuration"] = ["Admission", "Budgets", "Errors", "Metering", "Protocol", "Providers", "Routing", "Secrets", "Transport"],
        // A composition root: it sees every room.
        ["Hosting"] = ["Admission", "Audit", "Budgets", "Configuration", "Events", "Jobs", "Providers", "State", "Secrets"],
        ["Telemetry"] = ["Metering", "Pipeline", "Protocol"],
    };

    public static TheoryData<string> Rooms =>
        [.. Directory.GetDirectories(LibraryPath).Select(d => Path.GetFileName(d)!).Where(d => d is not ("bin" or "obj"))];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Room_References_OnlyWhatTheHouseAllows(string room)
    {
        Assert.True(Allowed.ContainsKey(room), $"The room {room} is not in the house's plan.");
        var offenders =
            from file in Directory.GetFiles(Path.Combine(LibraryPath, room), "*.cs", SearchOption.AllDirectories)
            from Match match in RoomName().Matches(File.ReadAllText(file))
            let other = match.Groups[1].Value
            where other != room && !Allowed[room].Contains(other)
            select $"{Path.GetFileName(file)} → {other}";
        Assert.Empty(offenders.Distinct());
    }

    [Fact]
    public void Library_References_NoAspNetCore()
    {
        var names = Assembly.Load("Gateway").GetReferencedAssemblies().Select(a => a.Name!);
        Assert.DoesNotContain(names, name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    [Fact]
    public void SurfacesAndProviders_NeverMeet()
    {
        Assert.DoesNotContain("Providers", Allowed["Surfaces"]);
        Assert.DoesNotContain("Surfaces", Allowed["Providers"]);
    }

    private static string LibraryPath => Path.Combine(Repository.Root, "src", "Gateway");

    [GeneratedRegex(@"\bGateway\.(Surfaces|Dialects|Protocol|Pipeline|Admission|Budgets|Guardrails|Caching|Routing|Providers|Transport|Metering|Mcp|State|Events|Secrets|Jobs|Audit|Configuration|Telemetry|Errors|Hosting)\b")]
    private static partial Regex RoomName();
}
