using System.Globalization;
using Gateway.Errors;
using Gateway.Pipeline;
using Gateway.Protocol;

namespace Gateway.Routing.Fallbacks;

/// <summary>
/// Adds the fallbacks that a request names itself to its route, as further groups: by the header <c>x-gateway-fallbacks</c>, then by a member of the
/// body. Each is a model name like any other, and only as much of it is added as the key may use. Runs after access, and before anything that
/// reckons with the targets of the route.
/// </summary>
internal sealed class FallbackStage : IStage
{
    /// <summary>Model names, comma-separated, in order of preference.</summary>
    public const string Header = "x-gateway-fallbacks";

    /// <summary>Calls of providers at most, 1 to 6; it can only lower what the route allows.</summary>
    public const string MostAttemptsHeader = "x-gateway-attempts-max";

    /// <summary>Fallbacks that one request may name.</summary>
    public const int MostFallbacks = 8;

    public ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        context.Error = ReadMost(context) ?? Extend(context);
        return context.Error is null ? next(context) : ValueTask.CompletedTask;
    }

    private static GatewayError? ReadMost(GatewayContext context)
    {
        if (context.Client.Header(MostAttemptsHeader) is not { } text)
            return null;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var most) || most is < 1 or > Attempts.AttemptPlan.MostEver)
            return Invalid($"'{MostAttemptsHeader}' must be a whole number from 1 to {Attempts.AttemptPlan.MostEver}.", MostAttemptsHeader);
        context.MostAttempts = most;
        return null;
    }

    private static GatewayError? Extend(GatewayContext context)
    {
        var header = context.Client.Header(Header);
        var mayHold = MayHoldMember(context);
        return header is null && !mayHold ? null : Extend(context, header, mayHold ? FallbackMember.FindAll(context.Body!.WrittenSpan) : []);
    }

    private static GatewayError? Extend(GatewayContext context, string? header, List<FallbackMember> members)
    {
        if (header is null && members.Count == 0)
            return null;
        if (members.Count > 1)
            return Invalid($"'{members[0].Name}' and '{members[1].Name}' both name fallbacks: only one may.", members[1].Name);

        List<(string Name, string Param)> names = [];
        foreach (var name in header?.Split(',', StringSplitOptions.TrimEntries) ?? [])
        {
            if (name.Length == 0)
                return Invalid($"'{Header}' must be model names with commas between them.", Header);
            names.Add((name, Header));
        }

        if (members is [var member])
        {
            if (member.Names(context.Body!.WrittenMemory) is not { } listed)
                return Invalid($"'{member.Name}' must be an array of model names, or of objects that have a 'model' and nothing else.", member.Name);
            names.AddRange(listed.Select(name => (name, member.Name)));
            (context.Request.OwnMemberStart, context.Request.OwnMemberLength) = (member.Start, member.Length);
        }

        return names.Count > MostFallbacks
            ? Invalid($"A request may name {MostFallbacks} fallbacks at most.", names[^1].Param)
            : Append(context, names);
    }

    private static GatewayError? Append(GatewayContext context, List<(string Name, string Param)> names)
    {
        var route = context.Route!;
        List<TargetGroup> groups = [.. route.Groups];
        foreach (var (name, param) in names)
        {
            // What a key may not use is answered like what is not there.
            if (context.Snapshot.Models.Resolve(name) is not { } found || context.Key!.Access.Of(found) is not { } allowed)
                return GatewayErrors.ModelNotFound(name) with { Param = param };
            groups.AddRange(allowed.Groups);
        }

        if (groups.Sum(group => group.Targets.Count) > RouteSnapshot.MostTargets)
            return Invalid($"With these fallbacks the request would have more than {RouteSnapshot.MostTargets} targets.", names[^1].Param);
        if (names.Count > 0)
            context.Narrow(route with { Groups = groups });
        return null;
    }

    /// <summary>Whether the body is JSON in which such a name was seen. OpenRouter's own wire has such members, and does better by them than a gateway in front of it.</summary>
    private static bool MayHoldMember(GatewayContext context) =>
        context.Request.MayHoldOwnMember
        && context.Body is not null
        && context.Operation != Operation.Realtime
        && (context.Request.ModelLength > 0 || context.Request.IsModelMissing)
        && context.Route!.Targets[0].Provider.Kind != "openrouter";

    private static GatewayError Invalid(string message, string param) => new(ErrorKinds.InvalidParameter, message) { Param = param };
}
