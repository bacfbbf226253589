using System.IO.Enumeration;
using System.Text.RegularExpressions;

namespace Gateway.Routing.Rules.Language;

/// <summary>The methods of texts and lists.</summary>
/// <param name="problems">Gets what is wrong.</param>
internal sealed class TextMethods(List<ExpressionProblem> problems)
{
    /// <summary>The methods that take one text.</summary>
    public static IReadOnlyCollection<string> Names { get; } = ["startsWith", "endsWith", "contains", "matches", "glob"];

    /// <summary>How long something is: characters of a text, elements of a list.</summary>
    public Term? Size(Term? term, int at)
    {
        switch (term)
        {
            case null:
                return null;
            case TypedTerm<string> text:
                var value = text.Value;
                return Number(term, (ref f) => value(ref f).Length);
            case TypedTerm<IReadOnlyList<string>> texts:
                var list = texts.Value;
                return Number(term, (ref f) => list(ref f).Count);
            case TypedTerm<IReadOnlyList<double>> numbers:
                return Constants.Number(numbers.Constant!.Count);
            default:
                problems.Add(new ExpressionProblem(at, $"asks for the size of {term.Type.Name()}; only texts and lists have one"));
                return null;
        }
    }

    /// <summary>A method of a text.</summary>
    public Term? Call(Term? target, Token name, Term? argument, int argumentAt)
    {
        if (target is null || argument is null)
            return null;
        if (target is not TypedTerm<string> text)
            return Refuse(name.Position, $"has {name.Text}(…) of {target.Type.Name()}; it is for texts{(target.Type == TermType.Texts ? "; write \"x\" in list" : "")}");
        if (argument is not TypedTerm<string> other)
            return Refuse(argumentAt, $"has {name.Text}(…) with {argument.Type.Name()} instead of a text");
        if (!other.IsConstant)
            return name.Text is "matches" or "glob" ? Refuse(argumentAt, $"has {name.Text}(…) with a pattern that is not constant") : Varying(name.Text, text, other);
        return Test(name.Text, other.Constant!, argumentAt) is { } test ? Constant(name.Text, text, other, test) : null;
    }

    private static TypedTerm<bool> Constant(string method, TypedTerm<string> text, TypedTerm<string> other, Func<string, bool> test)
    {
        if (text.IsConstant)
            return Constants.Flag(test(text.Constant!));
        var (written, prefix) = ($"{text.Text}.{method}({other.Text})", method == "startsWith" ? other.Constant : null);
        return new TypedTerm<bool>(TermType.Flag, written, prefix is null ? TextTests.Passes(text, test) : TextTests.StartsWith(text, prefix))
        {
            Claim = new Claim { Text = written, Subject = text.Text, Accepts = test, Prefix = prefix },
        };
    }

    private static TypedTerm<bool> Varying(string method, TypedTerm<string> text, TypedTerm<string> other)
    {
        var (value, sought) = (text.Value, other.Value);
        return new TypedTerm<bool>(TermType.Flag, $"{text.Text}.{method}({other.Text})", method switch
        {
            "startsWith" => (ref f) => value(ref f).StartsWith(sought(ref f), StringComparison.Ordinal),
            "endsWith" => (ref f) => value(ref f).EndsWith(sought(ref f), StringComparison.Ordinal),
            _ => (ref f) => value(ref f).Contains(sought(ref f), StringComparison.Ordinal),
        });
    }

    private Func<string, bool>? Test(string method, string argument, int at)
    {
        switch (method)
        {
            case "startsWith":
                return text => text.StartsWith(argument, StringComparison.Ordinal);
            case "endsWith":
                return text => text.EndsWith(argument, StringComparison.Ordinal);
            case "contains":
                return text => text.Contains(argument, StringComparison.Ordinal);
            case "glob":
                return text => FileSystemName.MatchesSimpleExpression(argument, text, ignoreCase: false);
        }

        try
        {
            // Time is linear in the text, whatever the pattern: a request can't make it costly.
            return new Regex(argument, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant).IsMatch;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            Refuse(at, e is NotSupportedException ? "has a pattern with backreferences, lookarounds or too many states, which could be slow" : "has a pattern that is no regular expression");
            return null;
        }
    }

    private static TypedTerm<double> Number(Term of, Evaluation<double> size)
    {
        var none = default(RuleFacts);
        return of.IsConstant ? Constants.Number(size(ref none)) : new TypedTerm<double>(TermType.Number, $"size({of.Text})", size);
    }

    private Term? Refuse(int at, string message)
    {
        problems.Add(new ExpressionProblem(at, message));
        return null;
    }
}
