namespace Gateway.Routing.Rules.Language;

/// <summary>Gives types to names, members, calls and lists, and refuses what has none. A null term has been reported already.</summary>
/// <param name="problems">Gets what is wrong.</param>
internal sealed class Checker(List<ExpressionProblem> problems)
{
    private readonly Operators _operators = new(problems);
    private readonly TextMethods _methods = new(problems);

    /// <summary>A name that stands alone.</summary>
    public Term? Name(RuleNames names, Token name) =>
        names.Names.TryGetValue(name.Text, out var term) ? term : Unknown(name, "is not known", names.Names.Keys);

    /// <summary>A function.</summary>
    public Term? Call(RuleNames names, Token name, List<(Term? Term, int Position)> arguments)
    {
        if (name.Text == "size")
            return arguments is [var only] ? _methods.Size(only.Term, only.Position) : Refuse(name.Position, "has size(…) with other than one argument");
        if (!names.Functions.TryGetValue(name.Text, out var function))
            return Unknown(name, "is not a function", [.. names.Functions.Keys, "size"]);
        if (arguments is not [var argument])
            return Refuse(name.Position, $"has {name.Text}(…) with other than one argument");
        if (argument.Term is null)
            return null;
        if (argument.Term is not TypedTerm<string> { IsConstant: true } text)
            return Refuse(argument.Position, $"has {name.Text}(…) of something else than a quoted text");
        var term = function(text.Constant!, out var fault);
        return term ?? Refuse(argument.Position, fault!);
    }

    /// <summary>A member of a name or a map.</summary>
    public Term? Member(Term? target, Token name) => target switch
    {
        null => null,
        ScopeTerm scope => scope.Members.TryGetValue(name.Text, out var member) ? member : Unknown(name, $"is not known of {scope.Text}", scope.Members.Keys),
        MapTerm map => Find(map, Constants.Text(name.Text)),
        _ => Refuse(name.Position, $"asks {target.Type.Name()} for a member \"{name.Text}\"; it has none"),
    };

    /// <summary>A method.</summary>
    public Term? Method(Term? target, Token name, List<(Term? Term, int Position)> arguments)
    {
        if (name.Text == "size")
            return arguments.Count == 0 ? _methods.Size(target, name.Position) : Refuse(name.Position, "has size() with arguments");
        if (!TextMethods.Names.Contains(name.Text))
            return Unknown(name, "is not a method", [.. TextMethods.Names, "size"]);
        if (arguments is not [var argument])
            return Refuse(name.Position, $"has {name.Text}(…) with other than one argument");
        return _methods.Call(target, name, argument.Term, argument.Position);
    }

    /// <summary>An element of a map.</summary>
    public Term? Index(Term? target, Term? index, int at, int indexAt)
    {
        if (target is null || index is null)
            return null;
        if (target is not MapTerm map)
            return Refuse(at, $"looks into {target.Type.Name()}; only maps such as request.headers have elements");
        return index is TypedTerm<string> name ? Find(map, name) : Refuse(indexAt, $"looks for {index.Type.Name()} in a map; names are texts");
    }

    /// <summary>A list of constants.</summary>
    public Term? List(List<(Term? Term, int Position)> items, int at)
    {
        if (items.Count == 0)
            return Refuse(at, "has a list of nothing");
        if (items.Exists(i => i.Term is null))
            return null;
        if (items.Find(i => !i.Term!.IsConstant) is { Term: not null } changing)
            return Refuse(changing.Position, "has a list of something else than constants");
        var text = $"[{string.Join(", ", items.Select(i => i.Term!.Text))}]";
        var type = items[0].Term!.Type;
        if (type is not (TermType.Text or TermType.Number))
            return Refuse(items[0].Position, $"has a list of {type.Name()}; lists hold texts or numbers");
        if (items.Find(i => i.Term!.Type != type) is { Term: not null } other)
            return Refuse(other.Position, "has a list of different types");
        return type == TermType.Text
            ? new TypedTerm<IReadOnlyList<string>>(TermType.Texts, text, [.. items.Select(i => ((TypedTerm<string>)i.Term!).Constant!)])
            : new TypedTerm<IReadOnlyList<double>>(TermType.Numbers, text, [.. items.Select(i => ((TypedTerm<double>)i.Term!).Constant)]);
    }

    /// <inheritdoc cref="Operators.Binary"/>
    public Term? Binary(string operation, Term? left, Term? right, int leftAt, int rightAt) => _operators.Binary(operation, left, right, leftAt, rightAt);

    /// <inheritdoc cref="Operators.Signed"/>
    public Term? Signed(string operation, Term? operand, int at) => _operators.Signed(operation, operand, at);

    /// <inheritdoc cref="Operators.Choice"/>
    public Term? Choice(Term? condition, Term? whenTrue, Term? whenFalse, int conditionAt, int at) => _operators.Choice(condition, whenTrue, whenFalse, conditionAt, at);

    private static TypedTerm<string> Find(MapTerm map, TypedTerm<string> name)
    {
        if (name.IsConstant)
            return map.Element(name.Constant!);
        var (find, named) = (map.Find, name.Value);
        return new TypedTerm<string>(TermType.Text, $"{map.Text}[{name.Text}]", (ref f) => find(ref f, named(ref f)) ?? "");
    }

    private Term? Unknown(Token name, string what, IEnumerable<string> known)
    {
        problems.Add(new ExpressionProblem(name.Position, $"names \"{name.Text}\", which {what}") { Unknown = name.Text, Known = [.. known] });
        return null;
    }

    private Term? Refuse(int at, string message)
    {
        problems.Add(new ExpressionProblem(at, message));
        return null;
    }
}
