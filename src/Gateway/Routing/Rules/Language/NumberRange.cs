namespace Gateway.Routing.Rules.Language;

/// <summary>The numbers between two ends.</summary>
/// <param name="Low">The lower end; minus infinity: none.</param>
/// <param name="High">The upper end; infinity: none.</param>
/// <param name="HasLow">Whether the lower end belongs to it.</param>
/// <param name="HasHigh">Whether the upper end belongs to it.</param>
internal readonly record struct NumberRange(double Low, double High, bool HasLow, bool HasHigh)
{
    /// <summary>The numbers that compare with another as an operator says; null for operators that give no range.</summary>
    public static NumberRange? Of(string operation, double number) => operation switch
    {
        "==" => new(number, number, true, true),
        "<" => new(double.NegativeInfinity, number, false, false),
        "<=" => new(double.NegativeInfinity, number, false, true),
        ">" => new(number, double.PositiveInfinity, false, false),
        ">=" => new(number, double.PositiveInfinity, true, false),
        _ => null,
    };

    /// <summary>Whether all of it lies in another.</summary>
    public bool IsWithin(NumberRange other) =>
        (Low > other.Low || (Low == other.Low && (other.HasLow || !HasLow))) && (High < other.High || (High == other.High && (other.HasHigh || !HasHigh)));

    /// <summary>Whether no number is in both.</summary>
    public bool IsApartFrom(NumberRange other) =>
        High < other.Low || other.High < Low || (High == other.Low && !(HasHigh && other.HasLow)) || (other.High == Low && !(other.HasHigh && HasLow));
}
