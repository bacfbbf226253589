using CsCheck;
using Gateway.Routing.Rules.Language;

namespace Gateway.Tests.Routing.Rules.Language;

public sealed class ExpressionPropertyTests
{
    private const string Letters = "request.model tokens.input && || ! == != < > in ( ) [ ] , 'a' \" \\ 1 2.5 ? : + - * / % caller tags time duration startsWith matches size true false \0 é \n";

    /// <summary>A condition as text, and what it must come to for a request with these facts.</summary>
    private sealed record Sample<T>(string Text, Func<Facts, T> Value);

    private sealed record Facts(string Model, bool Stream, double MaxTokens, string[] Tags);

    private static readonly Gen<Sample<string>> Text = Gen.OneOf(
        Gen.Const(new Sample<string>("request.model", f => f.Model)),
        Gen.Const(new Sample<string>("request.headers['x-model']", f => f.Model)),
        Gen.OneOf("a", "b", "ab", "gpt", "gpt-4").Select(t => new Sample<string>($"'{t}'", _ => t)));

    private static Gen<Sample<double>> Number(int depth) => depth == 0
        ? Gen.OneOf(
            Gen.Const(new Sample<double>("request.maxTokens", f => f.MaxTokens)),
            Gen.Const(new Sample<double>("size(request.model)", f => f.Model.Length)),
            Gen.Int[0, 9].Select(n => new Sample<double>($"{n}", _ => n)))
        : Gen.OneOf(
            Number(0),
            Gen.Select(Number(depth - 1), Number(depth - 1), Gen.OneOf("+", "-", "*"), (a, b, o) => new Sample<double>($"({a.Text} {o} {b.Text})", f => o switch
            {
                "+" => a.Value(f) + b.Value(f),
                "-" => a.Value(f) - b.Value(f),
                _ => a.Value(f) * b.Value(f),
            })),
            Number(depth - 1).Select(a => new Sample<double>($"-{a.Text}", f => -a.Value(f))),
            Gen.Select(Flag(depth - 1), Number(depth - 1), Number(depth - 1), (c, a, b) => new Sample<double>($"({c.Text} ? {a.Text} : {b.Text})", f => c.Value(f) ? a.Value(f) : b.Value(f))));

    private static Gen<Sample<bool>> Flag(int depth) => depth == 0
        ? Gen.OneOf(
            Gen.Const(new Sample<bool>("request.stream", f => f.Stream)),
            Gen.Bool.Select(b => new Sample<bool>(b ? "true" : "false", _ => b)),
            Gen.OneOf("x", "beta").Select(t => new Sample<bool>($"('{t}' in caller.tags)", f => f.Tags.Contains(t))),
            Gen.Const(new Sample<bool>("(request.model in ['ab', 'gpt'])", f => f.Model is "ab" or "gpt")))
        : Gen.OneOf(
            Flag(0),
            Gen.Select(Flag(depth - 1), Flag(depth - 1), (a, b) => new Sample<bool>($"({a.Text} && {b.Text})", f => a.Value(f) & b.Value(f))),
            Gen.Select(Flag(depth - 1), Flag(depth - 1), (a, b) => new Sample<bool>($"({a.Text} || {b.Text})", f => a.Value(f) | b.Value(f))),
            Gen.Select(Flag(depth - 1), Flag(depth - 1), (a, b) => new Sample<bool>($"({a.Text} == {b.Text})", f => a.Value(f) == b.Value(f))),
            Flag(depth - 1).Select(a => new Sample<bool>($"!({a.Text})", f => !a.Value(f))),
            Gen.Select(Number(depth - 1), Number(depth - 1), Gen.OneOf("<", "<=", ">", ">=", "==", "!="), (a, b, o) => new Sample<bool>($"({a.Text} {o} {b.Text})", f => o switch
            {
                "<" => a.Value(f) < b.Value(f),
                "<=" => a.Value(f) <= b.Value(f),
                ">" => a.Value(f) > b.Value(f),
                ">=" => a.Value(f) >= b.Value(f),
                "==" => a.Value(f) == b.Value(f),
                _ => a.Value(f) != b.Value(f),
            })),
            Gen.Select(Text, Text, Gen.OneOf("startsWith", "endsWith", "contains", "==", "<"), (a, b, o) => new Sample<bool>(o is "==" or "<" ? $"({a.Text} {o} {b.Text})" : $"{a.Text}.{o}({b.Text})", f => o switch
            {
                "startsWith" => a.Value(f).StartsWith(b.Value(f), StringComparison.Ordinal),
                "endsWith" => a.Value(f).EndsWith(b.Value(f), StringComparison.Ordinal),
                "contains" => a.Value(f).Contains(b.Value(f), StringComparison.Ordinal),
                "==" => a.Value(f) == b.Value(f),
                _ => string.CompareOrdinal(a.Value(f), b.Value(f)) < 0,
            })));

    private static readonly Gen<Facts> AnyFacts = Gen.Select(
        Gen.OneOf("a", "b", "ab", "gpt", "gpt-4", "gpt-4o"), Gen.Bool, Gen.Int[1, 9], Gen.OneOf("", "x", "beta", "x beta"), (m, s, n, t) => new Facts(m, s, n, t.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public void Compile_AnyWellTypedCondition_EvaluatesAsANaiveInterpreterDoes() =>
        Gen.Select(Flag(4), AnyFacts.Array[1, 4]).Sample((sample, all) =>
        {
            var condition = RequestRig.Compile(sample.Text);
            // One compiled condition serves many requests, and the answer to one is not affected by those before it.
            foreach (var facts in all.Concat(all.Reverse()))
                Assert.Equal(sample.Value(facts), Holds(condition, facts));
        });

    [Fact]
    public void Implies_AnyTwoConditions_IsNeverSaidWrongly() =>
        Gen.Select(Flag(2), Flag(2), AnyFacts).Where(s => Mentions(s.Item1) && Mentions(s.Item2)).Sample((first, second, facts) =>
        {
            var (a, b) = (RequestRig.Compile(first.Text), RequestRig.Compile(second.Text));
            if (a.Constant is null && ClaimLogic.IsImpossible(a.Claim))
                Assert.False(first.Value(facts), first.Text);
            if (a.Constant is null && b.Constant is null && ClaimLogic.Implies(a.Claim, b.Claim))
                Assert.True(!first.Value(facts) || second.Value(facts), $"{first.Text} → {second.Text}");
        }, iter: 20_000);

    [Fact]
    public void Compile_AnyText_ThrowsNothing() =>
        Gen.OneOf(Gen.String[0, 60], Gen.OneOf(Letters.Split(' ')).Array[0, 30].Select(words => string.Join(' ', words)), Gen.OneOf(Letters.Split(' ')).Array[0, 30].Select(string.Concat))
            .Sample(text =>
            {
                var problems = new List<ExpressionProblem>();
                var condition = ExpressionCompiler.Compile(text, RequestRig.Names, problems);
                Assert.Equal(problems.Count == 0, condition is not null);
                Assert.All(problems, p => Assert.InRange(p.Position, 0, text.Length));
            }, iter: 20_000);

    private static bool Mentions(Sample<bool> sample) => sample.Text.Contains('.', StringComparison.Ordinal);

    private static bool Holds(Condition condition, Facts facts)
    {
        var stream = facts.Stream ? "true" : "false";
        using var rig = new RequestRig($$"""{"model":"{{facts.Model}}","stream":{{stream}},"max_tokens":{{facts.MaxTokens}},"messages":[]}""", RequestRig.Key(tags: facts.Tags), headers: [("x-model", facts.Model)]);
        return rig.Holds(condition);
    }
}
