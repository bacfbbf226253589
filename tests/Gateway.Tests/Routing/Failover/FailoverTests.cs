using FaultUpstream.Catalogue;
using Gateway.Tests.Chaos;
using Xunit.Abstractions;

namespace Gateway.Tests.Routing.Failover;

/// <summary>Every fault through a real gateway: what must hold of each, and docs/failover.md.</summary>
[Collection(nameof(Alone))]
public sealed class FailoverTests(FailoverFixture fixture, ITestOutputHelper output) : IClassFixture<FailoverFixture>
{
    public static TheoryData<string> Cases => [.. FailoverCase.All.Select(one => one.Id)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fault_OfAnySort_IsHandledWell(string id)
    {
        if (fixture.Failures.TryGetValue(id, out var failure))
            throw new InvalidOperationException($"{id} could not be tried.", failure);
        var result = fixture.Results[id];
        output.WriteLine($"{result.Caller}\ncalls {result.PrimaryCalls} + {result.Fallback.Count}, gap {result.Gap}\n{result.Bill}");

        Assert.Empty(FailoverRules.Violations(result));
    }

    [Fact]
    public void Table_OfEveryFault_IsInTheDocs()
    {
        Assert.Empty(fixture.Failures);
        var page = FailoverPage.Render(fixture.Results);
        output.WriteLine(page);
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1" && !FailoverPage.IsWritten(fixture.Results))
            FailoverPage.Write(page);

        Assert.Equal(FailoverPage.WithoutTimes(page), FailoverPage.WithoutTimes(FailoverPage.Written));
    }

    [Fact]
    public void Faults_AreManyAndEachThereOnce()
    {
        Assert.True(Faults.All.Count >= 30);
        Assert.Equal(Faults.All.Count, Faults.All.Select(fault => fault.Name).Distinct().Count());
        Assert.Empty(fixture.Plain.Failures);
    }
}
