using Xunit.Abstractions;
using Xunit.Sdk;

namespace Gateway.Tests.Compatibility;

/// <summary>Runs the cells first, then the table of them.</summary>
public sealed class TableLast : ITestCaseOrderer
{
    public IEnumerable<TTestCase> OrderTestCases<TTestCase>(IEnumerable<TTestCase> testCases)
        where TTestCase : ITestCase => testCases.OrderBy(c => c.TestMethod.Method.Name, StringComparer.Ordinal);
}
