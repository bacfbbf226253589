using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using Gateway.Admission;
using Gateway.Configuration;
using Gateway.Dialects;
using Gateway.Dialects.OpenAiChat;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Providers;
using Gateway.Providers.Catalogue;
using Gateway.Providers.Credentials;
using Gateway.Routing;
using Gateway.Routing.Attempts;
using Gateway.Routing.Health;
using Gateway.Routing.Policies;
using Gateway.Routing.Strategies;
using Gateway.Secrets;
using Gateway.Tests.Pipeline;
using Gateway.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Routing.Attempts;

/// <summary>
/// An <see cref="AttemptPlan"/> on its own: targets that answer as they are told, on a clock that stands still but for the pauses of the plan and the time
/// that silent targets take. What it does is written as <c>target+seconds</c>.
/// </summary>
internal sealed class AttemptCourse
{
    private readonly TargetStates _states;
    private readonly Dictionary<string, Queue<string>> _answers = [];
    private readonly Dictionary<string, TargetSnapshot> _targets = [];

    public AttemptCourse() => _states = new TargetStates(Time);

    public FakeTimeProvider Time { get; } = new();

    public AttemptPolicy Policy { get; set; } = AttemptPolicy.Default;

    public TimeoutPolicy Timeouts { get; set; } = new() { FirstToken = TimeSpan.FromSeconds(5) };

    public DataPolicy? Data { get; set; }

    public int? MostAttempts { get; set; }

    public double Random { get; set; }

    /// <summary>The requests' calls, one line each.</summary>
    public List<string> Calls { get; } = [];

    public List<(string Target, TimeSpan At, TimeSpan? Said, bool Silent)> Log { get; } = [];

    /// <summary>A target, and what it answers to each call: the last again and again.</summary>
    public AttemptCourse Target(string name, string answers, Func<ProviderSnapshot, ProviderSnapshot>? provider = null, ModelCard? card = null, params string[] keys)
    {
        var made = new ProviderSnapshot
        {
            Id = name,
            Kind = "openai",
            TelemetryName = "openai",
            Endpoints = new OperationMap<ProviderEndpoint>([KeyValuePair.Create(Operation.ChatCompletions, new ProviderEndpoint(new Uri("http://up.test"), "/v1/x"))]),
            Timeouts = Timeouts,
            Credentials = keys.Length == 0 ? null : new KeySetCredential([.. keys.Select(k => new ProviderKey(k, new HeaderCredential("x", new Secret(k))) { State = new KeyState(Time) })]),
        };
        _targets[name] = new TargetSnapshot
        {
            Provider = provider?.Invoke(made) ?? made,
            Model = "m",
            ModelJson = "\"m\""u8.ToArray(),
            State = _states.Of(name + "/m"),
            Card = card,
            Price = new ModelPrice("test:1", 1_000_000_000, 10_000_000_000),
        };
        _answers[name] = new Queue<string>(answers.Split(' '));
        return this;
    }

    public TargetSnapshot this[string name] => _targets[name];

    /// <summary>Runs a request and gives what the client would see: <c>ok by TARGET</c> or <c>CODE RETRY-AFTER</c>.</summary>
    public string Run(params string[] groups)
    {
        var route = new RouteSnapshot
        {
            Name = "r",
            Groups = [.. groups.Select(g => TargetGroup.InOrder([.. g.Split(' ').Select(name => _targets[name])]))],
            Timeouts = Timeouts,
            Attempts = Policy,
            Data = Data,
        };
        using var client = new MemoryExchange();
        using var context = new GatewayContext(client, Snapshot(route), Operation.ChatCompletions, new OpenAiChatDialect(), "r1", Time) { Route = route, MostAttempts = MostAttempts };
        var plan = new AttemptPlan(context, new RouteQuestion(Time.GetTimestamp(), 0, 1_000, 100), () => Random);
        var line = new List<string>();
        for (var turns = 0; plan.Next() is { } step; turns++)
        {
            Assert.True(turns < 50, "The plan does not come to an end.");
            Time.Advance(step.Pause);
            if (step.Pause > TimeSpan.Zero && !plan.Confirm(step))
                continue;
            var refused = step.Insists ? step.Target.State.InsistAsync(TimeSpan.Zero, default).AsTask().Result : step.Target.State.TryEnter();
            if (refused is { } obstacle)
            {
                plan.Skip(step.Target, obstacle);
                continue;
            }

            var attempt = context.Begin(step.Target, Operation.ChatCompletions, step.Reason, pause: step.Pause, refusedKeys: plan.RefusedKeys);
            attempt.Key = step.Target.Credentials?.Choose(plan.RefusedKeys, step.Target.Model);
            var provider = step.Target.Provider.Id;
            var name = attempt.Key is { } key ? $"{provider}.{key.Id}" : provider;
            line.Add(string.Create(CultureInfo.InvariantCulture, $"{name}+{context.Elapsed.TotalSeconds:0.###}"));
            var answers = _answers[_answers.ContainsKey(name) ? name : provider];
            var (began, answer) = (context.Elapsed, answers.Count > 1 ? answers.Dequeue() : answers.Peek());
            var end = Answer(context, attempt, answer);
            UpstreamCredentials.Settle(attempt, end);
            attempt.Ended = Time.GetTimestamp();
            step.Target.State.Leave(attempt);
            Log.Add((provider, began, attempt.StayAway, answer == "silent"));
            plan.Note(attempt, end);
            context.Keep(attempt);
        }

        Calls.Add(string.Join(' ', line));
        Skipped = [.. context.Decision?.Skipped.Select(s => $"{s.Target.Provider.Id}:{s.Reason}") ?? []];
        if (context.Outcome == LedgerOutcome.Completed)
            return "ok by " + context.Target!.Provider.Id;
        if (context.Attempts.Count == 0)
            context.Error = plan.Unavailable();
        else if (!plan.IsOver)
            context.Keep(MostTelling.Of(context.Attempts));
        return $"{context.Error!.Code}{(context.Error.RetryAfter is { } wait ? " " + wait.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) : "")}";
    }

    /// <summary>What the last request passed over.</summary>
    public IReadOnlyList<string> Skipped { get; private set; } = [];

    /// <summary>Lets a key of a target answer for itself.</summary>
    public AttemptCourse Key(string target, string key, string answers)
    {
        _answers[$"{target}.{key}"] = new Queue<string>(answers.Split(' '));
        return this;
    }

    private AttemptEnd Answer(GatewayContext context, Attempt attempt, string answer)
    {
        var provider = attempt.Target.Provider;
        switch (answer)
        {
            case "ok":
                attempt.Outcome = LedgerOutcome.Completed;
                return AttemptEnd.Final;
            case "reset":
                return attempt.FailUnanswered(new HttpRequestException(HttpRequestError.ResponseEnded));
            case "refused":
                return attempt.FailUnanswered(new HttpRequestException(HttpRequestError.ConnectionError));
            case "tls":
                return attempt.FailUnanswered(new HttpRequestException(HttpRequestError.SecureConnectionError));
            case "cut":
                return attempt.Fail(new GatewayError(ErrorKinds.StreamCut, "x"));
            case "garbage":
                return attempt.Fail(new GatewayError(ErrorKinds.UpstreamMalformed, "x"));
            case "garbled":
                attempt.Observe(new HttpResponseMessage(HttpStatusCode.OK));
                return attempt.Fail(new GatewayError(ErrorKinds.UpstreamMalformed, "x"));
            case "silent" when Timeouts.Total - context.Elapsed is var left && left <= Timeouts.FirstToken:
                Time.Advance(left);
                return attempt.FailTotalTimeout(context);
            case "silent":
                Time.Advance(Timeouts.FirstToken);
                return attempt.Fail(new GatewayError(ErrorKinds.FirstTokenTimeout, "x"));
        }

        // status[:code][/seconds]
        var wait = answer.Split('/');
        var said = wait.Length > 1 ? TimeSpan.FromSeconds(double.Parse(wait[1], CultureInfo.InvariantCulture)) : (TimeSpan?)null;
        var parts = wait[0].Split(':');
        var facts = new ProviderErrorFacts(parts.Length > 1 ? parts[1] : null, null, parts.Length > 3 ? parts[3].Replace('_', ' ') : "no", parts.Length > 2 && parts[2].Length > 0 ? parts[2] : null);
        return attempt.Fail(ProviderErrors.FromStatus(provider, (HttpStatusCode)int.Parse(parts[0], CultureInfo.InvariantCulture), facts, said));
    }

    private static GatewaySnapshot Snapshot(RouteSnapshot route) => new()
    {
        Epoch = 1,
        Providers = FrozenDictionary<string, ProviderSnapshot>.Empty,
        Models = new Directory(route),
        Limits = new LimitsSnapshot(),
    };

    private sealed class Directory(RouteSnapshot route) : IModelDirectory
    {
        public IReadOnlyList<RouteSnapshot> Listed => [route];

        public RouteSnapshot? Resolve(string model) => route;
    }
}
