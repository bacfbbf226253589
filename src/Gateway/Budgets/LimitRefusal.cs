using System.Globalization;
using Gateway.Errors;
using Gateway.Metering;

namespace Gateway.Budgets;

/// <summary>What a caller is told when a limit stands against its request.</summary>
internal static class LimitRefusal
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>The error of a refused reservation.</summary>
    /// <param name="result">The refusal.</param>
    /// <param name="worst">What the request may need.</param>
    public static GatewayError Error(in ReserveResult result, in WorstCase worst)
    {
        var limit = result.Limit!;
        var name = $"'{limit.Name}' of the {ScopeOf(limit.Scope)} '{limit.OwnerId}'";
        if (result.Failure == ReserveFailure.Unavailable)
            return new GatewayError(ErrorKinds.LimitsUnavailable, $"The gateway cannot find out how the limit {name} stands.") { RetryAfter = result.RetryAfter ?? Soon };
        var need = worst.Of(limit);
        var balance = $"{AmountOf(limit.Unit, result.Remaining)} of {AmountOf(limit.Unit, limit.Amount)} left, and this request may need {AmountOf(limit.Unit, need)}";
        if (limit.Kind != LimitKind.Budget)
            return new GatewayError(ErrorKinds.RateLimited, $"The limit {name} has {balance}.") { RetryAfter = need > limit.Amount ? null : result.RetryAfter ?? Soon };
        if (result.Failure == ReserveFailure.Contended)
            return new GatewayError(ErrorKinds.BudgetContended, $"The budget {name} has {balance}; some of it is held for requests that are being served.") { RetryAfter = result.RetryAfter ?? Soon };
        var renewal = result.WindowEnd is { } end
            ? $"It begins anew at {end.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}."
            : "Its window rolls.";
        return new GatewayError(ErrorKinds.BudgetExhausted, $"The budget {name} has {balance}. {renewal}");
    }

    private static string ScopeOf(LimitScope scope) => scope switch
    {
        LimitScope.Customer => "customer",
        LimitScope.Team => "team",
        LimitScope.User => "user",
        LimitScope.Rule => "rule",
        _ => "key",
    };

    private static string AmountOf(LimitUnit unit, long amount) => unit switch
    {
        LimitUnit.NanoUsd => NanoUsd.Format(amount) + " USD",
        LimitUnit.Tokens => amount.ToString(CultureInfo.InvariantCulture) + " tokens",
        LimitUnit.Bytes => amount.ToString(CultureInfo.InvariantCulture) + " bytes",
        _ => amount.ToString(CultureInfo.InvariantCulture) + " requests",
    };
}
