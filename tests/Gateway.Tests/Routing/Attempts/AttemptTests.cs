using Gateway.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Routing.Attempts;

/// <summary>What follows each way a provider can refuse or be silent: which target is called how often, and what the client is told.</summary>
public sealed class AttemptTests(AttemptFixture fixture) : IClassFixture<AttemptFixture>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reset_BeforeAnyByte_IsTriedOnceMoreThenTheNextTarget(bool stream)
    {
        var answer = await fixture.CallAsync("two", stream, [Script.Reset(), Script.Reset()], [AttemptFixture.Good(stream)]);
        Assert.Equal((200, 2, 1, "3"), (answer.Status, answer.CallsOfA, answer.CallsOfB, answer.Attempts));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reset_OnceOnly_IsServedByTheSameTarget(bool stream)
    {
        var answer = await fixture.CallAsync("two", stream, [Script.Reset(), AttemptFixture.Good(stream)], []);
        Assert.Equal((200, 2, 0, "2"), (answer.Status, answer.CallsOfA, answer.CallsOfB, answer.Attempts));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reset_Everywhere_IsAnError(bool stream)
    {
        var answer = await fixture.CallAsync("two", stream, [Script.Reset(), Script.Reset()], [Script.Reset(), Script.Reset()]);
        Assert.Equal((502, "provider_unreachable", 2, 2), (answer.Status, answer.Code, answer.CallsOfA, answer.CallsOfB));
        Assert.Equal("failed", (await fixture.Gateway.LedgerAsync("?limit=1"))[0].GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData(503, "provider_overloaded", 503)]
    [InlineData(529, "provider_overloaded", 503)]
    [InlineData(504, "provider_timeout", 504)]
    [InlineData(401, "provider_authentication_failed", 502)]
    [InlineData(404, "provider_model_not_found", 404)]
    [InlineData(302, "provider_error", 502)]
    public async Task Status_AnotherTargetMayServe_IsRoutedAround(int status, string code, int shown)
    {
        foreach (var stream in new[] { false, true })
        {
            var served = await fixture.CallAsync("two", stream, [Script.Error(status)], [AttemptFixture.Good(stream)]);
            Assert.Equal((200, 1, 1, "b"), (served.Status, served.CallsOfA, served.CallsOfB, served.Provider));
            var failed = await fixture.CallAsync("one", stream, [Script.Error(status).Header("Location", fixture.B.BaseUri.ToString())], []);
            Assert.Equal((shown, code, 1, 0), (failed.Status, failed.Code, failed.CallsOfA, failed.CallsOfB));
        }
    }

    [Theory]
    [InlineData(500, "provider_error", 502)]
    [InlineData(502, "provider_error", 502)]
    [InlineData(408, "provider_timeout", 504)]
    public async Task Status_AMomentsTrouble_IsTriedOnceMoreThenRoutedAround(int status, string code, int shown)
    {
        foreach (var stream in new[] { false, true })
        {
            var mended = await fixture.CallAsync("two", stream, [Script.Error(status), AttemptFixture.Good(stream)], []);
            Assert.Equal((200, 2, 0, "a"), (mended.Status, mended.CallsOfA, mended.CallsOfB, mended.Provider));
            var served = await fixture.CallAsync("two", stream, [Script.Error(status), Script.Error(status)], [AttemptFixture.Good(stream)]);
            Assert.Equal((200, 2, 1, "b"), (served.Status, served.CallsOfA, served.CallsOfB, served.Provider));
            var failed = await fixture.CallAsync("one", stream, [Script.Error(status), Script.Error(status)], []);
            Assert.Equal((shown, code, 2, 0), (failed.Status, failed.Code, failed.CallsOfA, failed.CallsOfB));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RateLimit_NoWordOnHowLong_IsRoutedAroundAtOnceOrTriedOnceMore(bool stream)
    {
        var served = await fixture.CallAsync("two", stream, [Script.Error(429)], [AttemptFixture.Good(stream)]);
        Assert.Equal((200, 1, 1, "b"), (served.Status, served.CallsOfA, served.CallsOfB, served.Provider));
        var mended = await fixture.CallAsync("one", stream, [Script.Error(429), AttemptFixture.Good(stream)], []);
        Assert.Equal((200, 2), (mended.Status, mended.CallsOfA));
        var failed = await fixture.CallAsync("one", stream, [Script.Error(429), Script.Error(429)], []);
        Assert.Equal((429, "provider_rate_limited", 2, 0), (failed.Status, failed.Code, failed.CallsOfA, failed.CallsOfB));
    }

    [Fact]
    public async Task RateLimit_ForAMoment_IsWaitedForOnTheSameTarget()
    {
        var answer = await fixture.CallAsync("two", false, [Script.Error(429).Header("Retry-After", "1"), AttemptFixture.Good(false)], []);
        Assert.Equal((200, 2, 0, "2"), (answer.Status, answer.CallsOfA, answer.CallsOfB, answer.Attempts));
        Assert.True(fixture.A.Exchanges[^1].ArrivedAt - fixture.A.Exchanges[^2].ArrivedAt >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task RateLimit_ForLong_IsRoutedAroundAndTheTargetLeftAlone()
    {
        var route = fixture.Fresh("two");
        var first = await fixture.CallRouteAsync(route, false, [Script.Error(429).Header("Retry-After", "30")], [AttemptFixture.Good(false)]);
        var second = await fixture.CallRouteAsync(route, false, [], [AttemptFixture.Good(false)]);
        Assert.Equal((200, 1, 1), (first.Status, first.CallsOfA, first.CallsOfB));
        Assert.Equal((200, 0, 1), (second.Status, second.CallsOfA, second.CallsOfB));
    }

    [Fact]
    public async Task RateLimit_ForLongAndNoOther_IsWaitedForAsFarAsItPays()
    {
        var route = fixture.Fresh("one");
        var waited = await fixture.CallRouteAsync(route, false, [Script.Error(429).Header("Retry-After", "2"), AttemptFixture.Good(false)], []);
        Assert.Equal((200, 2), (waited.Status, waited.CallsOfA));
        Assert.True(fixture.A.Exchanges[^1].ArrivedAt - fixture.A.Exchanges[^2].ArrivedAt >= TimeSpan.FromSeconds(2));
        var tooLong = await fixture.CallRouteAsync(route, false, [Script.Error(429).Header("Retry-After", "30")], []);
        Assert.Equal((429, "30", 1), (tooLong.Status, tooLong.RetryAfter, tooLong.CallsOfA));
        var leftAlone = await fixture.CallRouteAsync(route, false, [], []);
        Assert.Equal((503, "targets_unavailable", "30", 0), (leftAlone.Status, leftAlone.Code, leftAlone.RetryAfter, leftAlone.CallsOfA));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refused_OneAfterTheOther_TheMostTellingErrorIsSeen(bool stream)
    {
        var when = await fixture.CallAsync("two", stream, [Script.Error(503).Header("Retry-After", "7")], [Script.Error(404)]);
        Assert.Equal((503, "provider_overloaded", "7", "a"), (when.Status, when.Code, when.RetryAfter, when.Provider));
        var mend = await fixture.CallAsync("two", stream, [Script.Error(503)], [Script.Error(400, message: "mend it")]);
        Assert.Equal((400, "mend it", "b"), (mend.Status, mend.Message, mend.Provider));
        var later = await fixture.CallAsync("two", stream, [Script.Error(404)], [Script.Error(503)]);
        Assert.Equal((503, "provider_overloaded", "b"), (later.Status, later.Code, later.Provider));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_NoHeadInTime_GoesToTheNextTargetAndIsNeverTriedAgain(bool begins)
    {
        var silent = begins ? Script.Reply(200, "application/json").Write("{").ThenHang() : Script.Silence();
        await Stalls.TryAgainAsync(async () =>
        {
            var served = await fixture.CallAsync("brisk", false, [silent], [AttemptFixture.Good(false)]);
            Assert.Equal((200, 1, 1, "b"), (served.Status, served.CallsOfA, served.CallsOfB, served.Provider));
            var failed = await fixture.CallAsync("brisk", false, [silent], [silent]);
            Assert.Equal((504, begins ? "stream_stalled" : "provider_timeout", 1, 1), (failed.Status, failed.Code, failed.CallsOfA, failed.CallsOfB));
        });
    }

    [Theory]
    [InlineData(400, null, "scripted", "provider_rejected_request")]
    [InlineData(400, "my_code", "scripted", "my_code")]
    [InlineData(422, null, "scripted", "provider_rejected_request")]
    [InlineData(400, "context_length_exceeded", "too long", "context_length_exceeded")]
    [InlineData(400, null, "This model's maximum context length is 5 tokens", "context_length_exceeded")]
    [InlineData(400, "content_filter", "no", "content_filter")]
    public async Task Status_TheClientsToMend_IsNotRoutedAround(int status, string? providerCode, string message, string code)
    {
        foreach (var stream in new[] { false, true })
        {
            var answer = await fixture.CallAsync("two", stream, [Script.Error(status, providerCode, message: message)], []);
            Assert.Equal((400, code, 1, 0), (answer.Status, answer.Code, answer.CallsOfA, answer.CallsOfB));
            Assert.Equal(message, answer.Message);
        }
    }

    [Fact]
    public async Task RetryAfter_OfTheProvider_ReachesTheClient()
    {
        Assert.Equal("17", (await fixture.CallAsync("one", false, [Script.Error(429).Header("Retry-After", "17")], [])).RetryAfter);
        Assert.Equal("1", (await fixture.CallAsync("one", false, [Script.Error(429), Script.Error(429)], [])).RetryAfter);
        Assert.Equal("1", (await fixture.CallAsync("one", true, [Script.Error(503).Header("Retry-After", "soon")], [])).RetryAfter);
    }

    [Fact]
    public async Task RetryAfter_IsADate_ReachesTheClientInSeconds()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 8, 21, 10, 0, 0, TimeSpan.Zero));
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Error(503).Header("Retry-After", time.GetUtcNow().AddSeconds(30).ToString("R")));
        await using var gateway = await GatewayHost.StartAsync(upstream, time: time);
        using var response = await gateway.PostAsync("/v1/chat/completions", AttemptFixture.Ask("up/m", stream: true)).WaitAsync(AttemptFixture.Patience);
        Assert.Equal("30", response.Headers.GetValues("Retry-After").Single());
    }

    [Fact]
    public Task FirstToken_TooLate_GoesToTheNextTarget() => Stalls.TryAgainAsync(async () =>
    {
        Assert.Equal((200, "b"), Brief(await fixture.CallAsync("hasty-two", true, [Script.Silence()], [AttemptFixture.Good(true)])));
        Assert.Equal((200, "b"), Brief(await fixture.CallAsync("hasty-two", true, [Script.Stream().SendHeaders().ThenHang()], [AttemptFixture.Good(true)])));
        Assert.Equal((200, "b"), Brief(await fixture.CallAsync("hasty-two", true, [Script.Stream().Event("""{"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}""").ThenHang()], [AttemptFixture.Good(true)])));
        var answer = await fixture.CallAsync("hasty-one", true, [Script.Silence()], []);
        Assert.Equal((504, "first_token_timeout"), (answer.Status, answer.Code));
    });

    private static (int Status, string? Provider) Brief(AttemptAnswer answer) => (answer.Status, answer.Provider);
}
