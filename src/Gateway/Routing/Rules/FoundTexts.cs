using System.Runtime.CompilerServices;

namespace Gateway.Routing.Rules;

/// <summary>Texts that one evaluation has looked up, each at its place; null where it has not. <see cref="Language.FoundPlaces"/> gives the places.</summary>
[InlineArray(Count)]
internal struct FoundTexts
{
    /// <summary>How many there is room for: it is cleared for every request, so no more than rules usually name.</summary>
    public const int Count = 16;

    private string? _first;
}
