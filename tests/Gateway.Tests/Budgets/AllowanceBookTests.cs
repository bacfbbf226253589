using Gateway.Budgets;

namespace Gateway.Tests.Budgets;

public class AllowanceBookTests
{
    private readonly BookRig _rig = new();
    private readonly LimitSpec _budget = Limits.Budget(1_000);

    [Fact]
    public async Task Reserve_LeaseHolds_NeitherWaitsNorAsksTheStore()
    {
        await using var book = _rig.Book();
        await _rig.UseAsync(book, 10, _budget);
        var calls = _rig.Store.Calls;
        var second = _rig.ReserveAsync(book, 10, _budget);
        Assert.True(second.IsCompletedSuccessfully);
        (await second).Reservation!.Settle(Limits.Entry(_rig.Now, 10));
        Assert.Equal(calls, _rig.Store.Calls);
    }

    [Fact]
    public async Task Reserve_OneOfSeveralIsUsedUp_HoldsNothingOfTheOthers()
    {
        await using var book = _rig.Book();
        var small = Limits.Budget(5, "small");
        var refused = await _rig.ReserveAsync(book, 10, _budget, small);
        Assert.Equal((ReserveFailure.Exhausted, small, 5L), (refused.Failure, refused.Limit, refused.Remaining));
        Assert.Equal(1_000, book.View(_budget)!.Value.Remaining);
    }

    [Fact]
    public async Task Reserve_BudgetUsedUp_SaysWhenItsWindowEndsAndNotToTryAgain()
    {
        await using var book = _rig.Book();
        await _rig.UseAsync(book, 995, _budget);
        var refused = await _rig.ReserveAsync(book, 10, _budget);
        Assert.Equal(ReserveFailure.Exhausted, refused.Failure);
        Assert.Equal((new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero), null, 5L), (refused.WindowEnd, refused.RetryAfter, refused.Remaining));
    }

    [Fact]
    public async Task Reserve_UsedUp_AsksTheStoreOnceASecondAtMost()
    {
        await using var book = _rig.Book();
        await _rig.UseAsync(book, 1_000, _budget);
        await _rig.ReserveAsync(book, 10, _budget);
        var calls = _rig.Store.Calls;
        for (var i = 0; i < 100; i++)
            Assert.Equal(ReserveFailure.Exhausted, (await _rig.ReserveAsync(book, 10, _budget)).Failure);
        Assert.Equal(calls, _rig.Store.Calls);
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        await _rig.ReserveAsync(book, 10, _budget);
        Assert.True(_rig.Store.Calls > calls);
    }

    [Fact]
    public async Task Reserve_RateUsedUp_SaysToTryAgainWhenTheWindowEnds()
    {
        await using var book = _rig.Book();
        var rate = Limits.Rate(100);
        await _rig.UseAsync(book, 100, rate);
        _rig.Time.Advance(TimeSpan.FromSeconds(18));
        var refused = await _rig.ReserveAsync(book, 1, rate);
        Assert.Equal((ReserveFailure.Exhausted, TimeSpan.FromSeconds(42)), (refused.Failure, refused.RetryAfter!.Value));
        _rig.Time.Advance(TimeSpan.FromSeconds(42));
        await _rig.HoldAsync(book, 100, rate);
    }

    [Fact]
    public async Task Reserve_RollingRateUsedUp_FitsAgainWhenEnoughHasLeft()
    {
        await using var book = _rig.Book();
        var rate = Limits.Rate(100, new(WindowUnit.Minute, 1) { Rolling = true });
        await _rig.UseAsync(book, 60, rate);
        _rig.Time.Advance(TimeSpan.FromSeconds(20));
        await _rig.UseAsync(book, 40, rate);
        var refused = await _rig.ReserveAsync(book, 50, rate);
        Assert.Equal((ReserveFailure.Exhausted, TimeSpan.FromSeconds(41)), (refused.Failure, refused.RetryAfter!.Value));
        _rig.Time.Advance(TimeSpan.FromSeconds(41));
        await _rig.HoldAsync(book, 50, rate);
    }

    [Fact]
    public async Task Reserve_RollingWindowPassesDuringARequest_ItsReservationNoLongerCounts()
    {
        await using var book = _rig.Book();
        var rate = Limits.Rate(100, new(WindowUnit.Second, 10) { Rolling = true });
        var slow = await _rig.HoldAsync(book, 100, rate);
        _rig.Time.Advance(TimeSpan.FromSeconds(11));
        await _rig.UseAsync(book, 100, rate);
        slow.Settle(Limits.Entry(slow.Time, 70));
        Assert.Equal(0, book.View(rate)!.Value.Remaining);
    }

    [Fact]
    public async Task Reserve_HeldIdleElsewhere_GetsItWithinTheWait()
    {
        await using var a = _rig.Book("a");
        await using var b = _rig.Book("b");
        (await _rig.HoldAsync(a, 400, _budget)).Settle(Limits.Entry(_rig.Now, 0));
        var result = await _rig.AnswerAsync(_rig.ReserveAsync(b, 900, _budget), a.UpkeepAsync);
        Assert.Equal(ReserveFailure.None, result.Failure);
    }

    [Fact]
    public async Task Reserve_InFlightElsewhere_IsContended()
    {
        await using var a = _rig.Book("a");
        await using var b = _rig.Book("b");
        var inFlight = await _rig.HoldAsync(a, 400, _budget);
        var result = await _rig.AnswerAsync(_rig.ReserveAsync(b, 900, _budget), a.UpkeepAsync);
        Assert.Equal((ReserveFailure.Contended, TimeSpan.FromSeconds(1)), (result.Failure, result.RetryAfter!.Value));
        Assert.InRange(result.Remaining, 500, 600);
        inFlight.Settle(Limits.Entry(_rig.Now, 100));
        await a.UpkeepAsync();
        await _rig.HoldAsync(b, 500, _budget);
    }

    [Fact]
    public async Task Reserve_HeldHereBySomeoneInFlight_GoesOnWhenThatSettles()
    {
        await using var book = _rig.Book();
        var parallel = Limits.Held(1);
        var first = await _rig.HoldAsync(book, 1, parallel);
        var second = _rig.ReserveAsync(book, 1, parallel);
        Assert.False(second.IsCompleted);
        first.Settle(Limits.Entry(_rig.Now, 1));
        Assert.Equal(ReserveFailure.None, (await _rig.AnswerAsync(second)).Failure);
    }

    [Fact]
    public async Task Reserve_StoreAwayAndPolicyRefuse_GoesOnByTheLeaseAndThenRefuses()
    {
        await using var book = _rig.Book();
        await _rig.UseAsync(book, 100, _budget);
        _rig.Store.Unavailable = true;
        await _rig.HoldAsync(book, 100, _budget);
        Assert.Equal(ReserveFailure.Unavailable, (await _rig.ReserveAsync(book, 800, _budget)).Failure);
        _rig.Store.Unavailable = false;
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        await _rig.HoldAsync(book, 800, _budget);
    }

    [Fact]
    public async Task Reserve_StoreAwayAndPolicyAllow_RateGoesOnWithItsShare()
    {
        await using var a = _rig.Book("a");
        await using var b = _rig.Book("b");
        var rate = Limits.Rate(100);
        await _rig.UseAsync(a, 1, rate);
        await _rig.UseAsync(b, 1, rate);
        _rig.Store.Unavailable = true;
        await _rig.UseAsync(b, 49, rate);
        var refused = await _rig.AnswerAsync(_rig.ReserveAsync(b, 1, rate));
        Assert.NotEqual(ReserveFailure.None, refused.Failure);
    }

    [Fact]
    public async Task Reserve_StoreAwayAndPolicyAllow_BudgetIsCountedAndReportedLater()
    {
        await using var book = _rig.Book();
        var budget = _budget with { WhenUnavailable = UnavailablePolicy.Allow };
        _rig.Store.Unavailable = true;
        await _rig.UseAsync(book, 1_500, budget);
        _rig.Store.Unavailable = false;
        _rig.Time.Advance(TimeSpan.FromSeconds(3));
        await book.UpkeepAsync();
        Assert.Equal(1_500, _rig.Used(budget));
        Assert.Equal(ReserveFailure.Exhausted, (await _rig.ReserveAsync(book, 1, budget)).Failure);
    }

    [Fact]
    public async Task Reserve_StoreDoesNotAnswer_WaitsNoLongerThanItSays()
    {
        await using var book = _rig.Book();
        var held = _rig.Store.Hold();
        var waiting = _rig.ReserveAsync(book, 10, _budget);
        await held;
        Assert.Equal(ReserveFailure.Unavailable, (await _rig.AnswerAsync(waiting)).Failure);
        _rig.Store.Release();
    }

    [Fact]
    public async Task Reserve_ConflictsAndLostAnswers_LoseNothing()
    {
        await using var book = _rig.Book();
        _rig.Store.ConflictNext(2);
        await _rig.UseAsync(book, 100, _budget);
        _rig.Store.LoseAnswersOfNext(1);
        Assert.Equal(ReserveFailure.Unavailable, (await _rig.AnswerAsync(_rig.ReserveAsync(book, 700, _budget))).Failure);
        _rig.Time.Advance(TimeSpan.FromSeconds(3));
        await _rig.UseAsync(book, 900, _budget);
        await book.DisposeAsync();
        Assert.Equal((1_000L, 0L), (_rig.Used(_budget), _rig.Value(_budget).Held()));
    }

    [Fact]
    public async Task Settle_AfterTheWindow_CountsInTheWindowOfTheReservation()
    {
        await using var book = _rig.Book();
        var limit = Limits.Budget(100, window: Limits.Minute);
        var reservation = await _rig.HoldAsync(book, 60, limit);
        var period = LimitPeriod.At(limit, _rig.Now);
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        await _rig.UseAsync(book, 10, limit);
        reservation.Settle(Limits.Entry(reservation.Time, 40));
        _rig.Time.Advance(TimeSpan.FromSeconds(3));
        await book.UpkeepAsync();
        Assert.Equal(10, _rig.Used(limit));
        Assert.Equal(40, LimitValueJson.Read(_rig.Store.Peek(period.Key)!.Value.Span).Spent(period, 0));
    }

    [Fact]
    public async Task Settle_Twice_CountsOnce()
    {
        await using var book = _rig.Book();
        var reservation = await _rig.HoldAsync(book, 60, _budget);
        reservation.Settle(Limits.Entry(_rig.Now, 40));
        reservation.Settle(Limits.Entry(_rig.Now, 40));
        Assert.Equal(960, book.View(_budget)!.Value.Remaining);
    }

    [Fact]
    public async Task Settle_MoreThanReserved_IsRecordedAndTold()
    {
        await using var book = _rig.Book();
        var reservation = await _rig.HoldAsync(book, 1_000, _budget);
        reservation.Settle(Limits.Entry(_rig.Now, 1_200));
        _rig.Time.Advance(TimeSpan.FromSeconds(3));
        await book.UpkeepAsync();
        Assert.Equal(1_200, _rig.Used(_budget));
        Assert.Contains(_rig.Events, e => e is { Kind: LimitEventKind.Overrun, Amount: 200 });
    }

    [Fact]
    public async Task Settle_MoreThanReserved_IsMadeUpForByWhatOthersGiveBack()
    {
        await using var book = _rig.Book();
        var (first, second) = (await _rig.HoldAsync(book, 500, _budget), await _rig.HoldAsync(book, 500, _budget));
        first.Settle(Limits.Entry(_rig.Now, 700));
        second.Settle(Limits.Entry(_rig.Now, 0));
        Assert.Equal(ReserveFailure.Exhausted, (await _rig.ReserveAsync(book, 301, _budget)).Failure);
        await _rig.HoldAsync(book, 300, _budget);
    }

    [Fact]
    public async Task Charge_FurtherRepliesOfASession_CountUntilTheLimitIsUsedUp()
    {
        await using var book = _rig.Book();
        var session = await _rig.HoldAsync(book, 100, _budget);
        Assert.True(session.Charge(Limits.Entry(_rig.Now, 500)));
        Assert.False(session.Charge(Limits.Entry(_rig.Now, 400)));
        session.Settle(Limits.Entry(_rig.Now, 0));
        await book.DisposeAsync();
        Assert.Equal(900, _rig.Used(_budget));
    }

    [Fact]
    public async Task Views_SeveralLimits_ShowTheTightest()
    {
        await using var book = _rig.Book();
        var requests = Limits.Rate(7) with { Id = "key:k:rpm", Unit = LimitUnit.Requests };
        var reservation = await _rig.HoldAsync(book, 100, _budget, Limits.Budget(500, "small"), requests, Limits.Rate(4_000));
        var views = reservation.Views(_rig.Now);
        Assert.Equal(("small", 400L), (views.Money!.Value.Limit.Name, views.Money.Value.Remaining));
        Assert.Equal((6L, _rig.Now.AddMinutes(1)), (views.Requests!.Value.Remaining, views.Requests.Value.Reset));
        Assert.Equal(3_900, views.Tokens!.Value.Remaining);
    }

    [Fact]
    public async Task Views_Settled_AreOfThatMomentUntilTheNextPeriod()
    {
        await using var book = _rig.Book();
        var rate = Limits.Rate(4_000);
        var reservation = await _rig.HoldAsync(book, 100, _budget, rate);
        reservation.Settle(Limits.Entry(_rig.Now, 60));
        Assert.Equal((940L, 3_940L), Left());
        await _rig.UseAsync(book, 10, _budget, rate);
        Assert.Equal((940L, 3_940L), Left());
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((940L, 4_000L), Left());

        (long, long) Left() => (reservation.Views(_rig.Now).Money!.Value.Remaining, reservation.Views(_rig.Now).Tokens!.Value.Remaining);
    }

    [Fact]
    public async Task Upkeep_LeaseLiesIdle_ReturnsIt()
    {
        await using var book = _rig.Book();
        await _rig.UseAsync(book, 10, _budget);
        Assert.True(_rig.Value(_budget).Held() > 0);
        _rig.Time.Advance(TimeSpan.FromSeconds(3));
        await book.UpkeepAsync();
        Assert.Equal((10L, 0L), (_rig.Used(_budget), _rig.Value(_budget).Held()));
    }

    [Fact]
    public async Task Upkeep_MostOfTheWindowHasPassed_LeasesOfTheNext()
    {
        await using var book = _rig.Book();
        var rate = Limits.Rate(1_000);
        _rig.Time.Advance(TimeSpan.FromSeconds(55));
        await _rig.UseAsync(book, 10, rate);
        await book.UpkeepAsync();
        await book.UpkeepAsync();
        _rig.Time.Advance(TimeSpan.FromSeconds(5));
        var calls = _rig.Store.Calls;
        await _rig.HoldAsync(book, 10, rate);
        Assert.Equal(calls, _rig.Store.Calls);
        Assert.True(_rig.Value(rate).Held() > 0);
    }

    [Fact]
    public async Task Upkeep_LeaseGetsOld_ProlongsItWhileSomethingIsReserved()
    {
        await using var book = _rig.Book();
        var reservation = await _rig.HoldAsync(book, 10, _budget);
        for (var i = 0; i < 10; i++)
        {
            _rig.Time.Advance(TimeSpan.FromMinutes(2));
            await book.UpkeepAsync();
        }

        Assert.True(_rig.Value(_budget).Find("a")!.Expires > _rig.Now.ToUnixTimeMilliseconds());
        reservation.Settle(Limits.Entry(reservation.Time, 10));
    }

    [Fact]
    public async Task Upkeep_NotUsedForLong_ForgetsAndFindsAgainWhatWasUsed()
    {
        await using var book = _rig.Book();
        await _rig.UseAsync(book, 10, _budget);
        foreach (var _ in Enumerable.Range(0, 4))
        {
            _rig.Time.Advance(TimeSpan.FromMinutes(11));
            await book.UpkeepAsync();
        }

        Assert.Null(book.View(_budget));
        await _rig.UseAsync(book, 10, _budget);
        await book.DisposeAsync();
        Assert.Equal(20, _rig.Used(_budget));
    }

    [Fact]
    public async Task Upkeep_PercentagePassed_IsToldOnceAcrossReplicas()
    {
        var limit = _budget with { AlertAt = [50, 80] };
        await using var a = _rig.Book("a");
        await using var b = _rig.Book("b");
        foreach (var book in new[] { a, b, a, b })
        {
            var result = await _rig.AnswerAsync(_rig.ReserveAsync(book, 200, limit), Both);
            result.Reservation!.Settle(Limits.Entry(_rig.Now, 200));
            _rig.Time.Advance(TimeSpan.FromSeconds(3));
            await Both();
        }

        await Both();
        Assert.Equal([50, 80], _rig.Events.Select(e => e.Percent).Order());

        async Task Both()
        {
            await a.UpkeepAsync();
            await b.UpkeepAsync();
        }
    }

    [Fact]
    public async Task Upkeep_SomebodyWasRefused_IsToldOnce()
    {
        await using var book = _rig.Book();
        await _rig.UseAsync(book, 1_000, _budget);
        for (var i = 0; i < 5; i++)
        {
            await _rig.ReserveAsync(book, 10, _budget);
            _rig.Time.Advance(TimeSpan.FromSeconds(3));
            await book.UpkeepAsync();
        }

        Assert.Single(_rig.Events, e => e.Kind == LimitEventKind.Exhausted);
    }

    [Fact]
    public async Task Start_AfterACrash_SettlesWhatTheEarlierLifeHeld()
    {
        var crashed = _rig.Book();
        await _rig.UseAsync(crashed, 100, _budget);
        await _rig.HoldAsync(crashed, 300, _budget);
        await crashed.UpkeepAsync();
        _rig.Spent[0] = 130;

        await using var book = _rig.Book();
        book.Start(id => id == _budget.Id ? _budget : null);
        await book.UpkeepAsync();
        Assert.Equal((130L, 0L), (_rig.Used(_budget), _rig.Value(_budget).Held()));
        await _rig.HoldAsync(book, 870, _budget);
    }

    [Fact]
    public async Task Reserve_AfterACrash_SettlesTheEarlierLifeAtFirstUse()
    {
        var crashed = _rig.Book();
        await _rig.UseAsync(crashed, 100, _budget);
        await _rig.HoldAsync(crashed, 300, _budget);
        _rig.Spent[0] = 130;
        await using var book = _rig.Book();
        await _rig.HoldAsync(book, 870, _budget);
    }

    [Fact]
    public async Task Reserve_AmountEdited_TakesEffectAtOnce()
    {
        await using var book = _rig.Book();
        await _rig.UseAsync(book, 100, _budget);
        var lowered = await _rig.ReserveAsync(book, 30, _budget with { Amount = 120 });
        Assert.Equal((ReserveFailure.Exhausted, 20L), (lowered.Failure, lowered.Remaining));
        Assert.Equal(120, _rig.Used(_budget) + _rig.Value(_budget).Held() + 20);
        await _rig.HoldAsync(book, 1_900, _budget with { Amount = 2_000 });
    }

    [Fact]
    public async Task Reserve_AmountLoweredBelowWhatIsInFlight_DoesNotReuseWhatEnds()
    {
        await using var book = _rig.Book();
        var inFlight = await _rig.HoldAsync(book, 700, _budget);
        var lowered = _budget with { Amount = 200 };
        Assert.Equal(ReserveFailure.Contended, (await _rig.AnswerAsync(_rig.ReserveAsync(book, 100, lowered))).Failure);
        inFlight.Settle(Limits.Entry(_rig.Now, 50));
        Assert.Equal(ReserveFailure.Exhausted, (await _rig.AnswerAsync(_rig.ReserveAsync(book, 151, lowered))).Failure);
        await _rig.HoldAsync(book, 150, lowered);
    }

    [Fact]
    public async Task Reserve_WindowEdited_CountsAnewAndReturnsTheOldLease()
    {
        await using var book = _rig.Book();
        await _rig.UseAsync(book, 100, _budget);
        await _rig.HoldAsync(book, 1_000, _budget with { Window = new(WindowUnit.Week, 1) });
        await book.UpkeepAsync();
        Assert.Equal((100L, 0L), (_rig.Used(_budget), _rig.Value(_budget).Held()));
    }

    [Fact]
    public async Task Dispose_WithLeases_ReturnsThemAndReportsWhatWasUsed()
    {
        var book = _rig.Book();
        await _rig.UseAsync(book, 10, _budget);
        await book.DisposeAsync();
        Assert.Equal((10L, 0L), (_rig.Used(_budget), _rig.Value(_budget).Held()));
    }

    [Fact]
    public async Task Reserve_ManyAtOnceFromThreeReplicas_NeverExceedsTheAmount()
    {
        var most = 0L;
        _rig.Store.Written = key =>
        {
            if (key.StartsWith("limit:", StringComparison.Ordinal))
                most = Math.Max(most, _rig.Value(_budget) is var value ? value.Held() + value.Slots.Sum(slot => slot.Used.Values.Sum()) : 0);
        };
        AllowanceBook[] books = [_rig.Book("a"), _rig.Book("b"), _rig.Book("c")];
        var granted = 0L;
        var running = Enumerable.Range(0, 300).Select(i => OneAsync(books[i % 3], 1 + (i % 13))).ToList();
        for (var i = 0; i < 10_000 && !running.TrueForAll(task => task.IsCompleted); i++)
        {
            foreach (var book in books)
                await book.UpkeepAsync();
            _rig.Time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }

        await Task.WhenAll(running);
        foreach (var book in books)
            await book.DisposeAsync();
        Assert.InRange(most, 1, 1_000);
        Assert.Equal((granted, 0L), (_rig.Used(_budget), _rig.Value(_budget).Held()));
        Assert.InRange(granted, 990, 1_000);

        async Task OneAsync(AllowanceBook book, long amount)
        {
            var result = await _rig.ReserveAsync(book, amount, _budget);
            if (result.Reservation is not { } reservation)
                return;
            reservation.Settle(Limits.Entry(_rig.Now, amount));
            Interlocked.Add(ref granted, amount);
        }
    }
}
