using System.Text;
using Gateway.Budgets;

namespace Gateway.Tests.Budgets;

public sealed class RerankBoundTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(50, 1)]
    [InlineData(100, 2)]
    [InlineData(250, 3)]
    public void Of_SmallDocuments_ReadsTheQueryWithEach(int documents, long searches)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"model":"m","query":"four","documents":[{{string.Join(',', Enumerable.Repeat("\"a\"", documents))}}]}""");

        var bound = RerankBound.Of(body);

        Assert.Equal(body.Length + (4L * documents), bound.Input);
        Assert.Equal(0, bound.OutputEach);
        Assert.Equal(searches, bound.Searches);
    }

    [Fact]
    public void Of_OneLongDocument_IsSearchedInPieces()
    {
        var body = Encoding.UTF8.GetBytes($$"""{"model":"m","query":"four","documents":[{"text":"{{new string('x', 256_000)}}"}]}""");

        Assert.Equal(11, RerankBound.Of(body).Searches);
    }
}
