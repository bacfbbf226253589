using Gateway.Secrets;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Secrets;

public sealed class SecretResolverTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("env:NAME", false, "NAME")]
    [InlineData("file:/run/secrets/key", true, "/run/secrets/key")]
    public void Parse_Reference_IsRead(string text, bool isFile, string name)
    {
        var reference = SecretReference.Parse(text);
        Assert.Equal(new SecretReference(isFile, name), reference);
        Assert.Equal(text, reference!.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("env:")]
    [InlineData("env:A B")]
    [InlineData("env:A=B")]
    [InlineData("file:")]
    [InlineData("ENV:NAME")]
    [InlineData("sk-literal")]
    public void Parse_AnythingElse_IsNull(string text) => Assert.Null(SecretReference.Parse(text));

    [Theory]
    [InlineData("secret\r\n", "secret")]
    [InlineData("  secret", "secret")]
    public void Resolve_File_IsTrimmed(string content, string expected)
    {
        Assert.Null(Resolve(content, out var secret));
        Assert.Equal(expected, secret!.Reveal());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("two words")]
    [InlineData("two\nlines")]
    [InlineData("s\u00e9cret")]
    public void Resolve_UnusableFile_SaysSoWithoutTheContent(string content)
    {
        var fault = Resolve(content, out var secret);
        Assert.NotNull(fault);
        Assert.Null(secret);
        if (content.Trim().Length > 0) Assert.DoesNotContain(content, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("secret:openai", "openai")]
    [InlineData("secret:openai/key", "openai/key")]
    public void Parse_OfTheVault_KeepsNameAndMember(string text, string name)
    {
        var reference = SecretReference.Parse(text);
        Assert.Equal(new SecretReference(false, name) { IsVault = true }, reference);
        Assert.Equal(text, reference!.ToString());
    }

    [Theory]
    [InlineData("secret:")]
    [InlineData("secret:/key")]
    [InlineData("secret:a/")]
    [InlineData("secret:a/b/c")]
    [InlineData("secret:a b")]
    public void Parse_NoNameOfTheVault_IsNull(string text) => Assert.Null(SecretReference.Parse(text));

    [Fact]
    public void Resolve_Directory_IsAProblem() =>
        Assert.NotNull(new SecretResolver(new Dictionary<string, string>(), "/").Resolve(new SecretReference(true, _directory.Path), out _));

    [Fact]
    public void Resolve_HugeFile_IsAProblem() => Assert.Contains("too large", Resolve(new string('x', 100_000), out _), StringComparison.Ordinal);

    private string? Resolve(string content, out Secret? secret)
    {
        File.WriteAllText(Path.Combine(_directory.Path, "secret"), content);
        return new SecretResolver(new Dictionary<string, string>(), _directory.Path).Resolve(new SecretReference(true, "secret"), out secret);
    }
}
