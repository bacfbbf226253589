using Gateway.Tests.Testing;
using Gateway.Transport;

namespace Gateway.Tests.Transport;

public class MediaFetcherTests
{
    [Fact]
    public async Task FetchAsync_Image_GivesTypeAndBytes()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Image([1, 2, 3]));
        using var fetcher = Anywhere();

        var (type, data) = await fetcher.FetchAsync(upstream.BaseUri + "/cat.png", default);

        Assert.Equal("image/png", type);
        Assert.Equal([1, 2, 3], data);
    }

    [Fact]
    public async Task FetchAsync_Redirect_IsFollowedAndCheckedAgain()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Redirect("file:///etc/passwd"));
        using var fetcher = Anywhere();
        upstream.Enqueue(Redirect("/v1/there.png"), Image([7]));

        Assert.Equal([7], (await fetcher.FetchAsync(upstream.BaseUri + "/here.png", default)).Data);
        await RefusesAsync(fetcher, upstream.BaseUri + "/here.png", "only http and https");
    }

    [Fact]
    public async Task FetchAsync_EndlessRedirects_AreRefused()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Redirect("/v1/again"));
        using var fetcher = Anywhere();

        await RefusesAsync(fetcher, upstream.BaseUri + "/again", "redirects");
        Assert.Equal(4, upstream.Exchanges.Count);
    }

    [Theory]
    [InlineData("http://127.0.0.1/x.png", "public internet")]
    [InlineData("http://localhost/x.png", "public internet")]
    [InlineData("http://[::1]/x.png", "public internet")]
    [InlineData("http://2130706433/x.png", "public internet")] // 127.0.0.1 as one number
    [InlineData("http://169.254.169.254/latest/meta-data", "public internet")]
    [InlineData("http://127.0.0.1:8080/x.png", "standard ports")]
    [InlineData("http://user:pass@example.com/x.png", "user name")]
    [InlineData("ftp://example.com/x.png", "only http and https")]
    [InlineData("file:///etc/passwd", "only http and https")]
    [InlineData("nonsense", "only http and https")]
    public async Task FetchAsync_AddressesInside_AreRefused(string url, string why)
    {
        using var fetcher = new MediaFetcher();

        await RefusesAsync(fetcher, url, why);
    }

    [Fact]
    public async Task FetchAsync_ErrorStatus_SaysSo()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Error(404, message: "secret of the server"));
        using var fetcher = Anywhere();

        await RefusesAsync(fetcher, upstream.BaseUri + "/x.png", "answered 404");
    }

    [Fact]
    public async Task FetchAsync_DeclaredTooLarge_IsRefusedUnread()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Image(new byte[MediaFetcher.MaxBytes + 1]));
        using var fetcher = Anywhere();

        await RefusesAsync(fetcher, upstream.BaseUri + "/x.png", "larger than 20 MB");
    }

    private static Script Image(byte[] bytes) => Script.Reply(200, "image/png").ContentLength(bytes.Length).Write(bytes);

    private static Script Redirect(string to) => Script.Reply(302).Header("Location", to).ContentLength(0);

    private static MediaFetcher Anywhere() => new(_ => true, anyPort: true);

    private static async Task RefusesAsync(MediaFetcher fetcher, string url, string why)
    {
        var refused = await Assert.ThrowsAsync<MediaFetchException>(async () => await fetcher.FetchAsync(url, default));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }
}
