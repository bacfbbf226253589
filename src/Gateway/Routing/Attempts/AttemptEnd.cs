namespace Gateway.Routing.Attempts;

/// <summary>What may follow an attempt.</summary>
internal enum AttemptEnd
{
    /// <summary>Nothing: the reply is whole, or the client sees part of it, or the error is the client's to mend.</summary>
    Final,

    /// <summary>The connection failed before the provider said a word: the same target may be called once more.</summary>
    RetrySame,

    /// <summary>The target could not serve; another one might.</summary>
    TryNext,
}
