using Gateway.Caching.Semantic;

namespace Gateway.Tests.Caching.Semantic;

public class TenantTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(null)]
    public void Tenant_WithoutAnId_CannotBeMade(string? id) => Assert.ThrowsAny<ArgumentException>(() => new Tenant(id!));

    [Fact]
    public void Tenant_LongerThanAllowed_CannotBeMade() => Assert.Throws<ArgumentException>(() => new Tenant(new string('x', Tenant.MaxLength + 1)));

    [Fact]
    public void Scope_WithoutATenant_CannotBeMade() => Assert.Throws<ArgumentNullException>(() => new IndexScope(null!, 1));
}
