namespace Gateway.Routing.Attempts;

/// <summary>What may follow an attempt.</summary>
internal enum AttemptEnd
{
    /// <summary>Nothing: the reply is whole, or the client sees part of it, or the error is the client's to mend.</summary>
    Final,

    /// <summary>A moment's trouble, such as a broken connection: the same target may be called again.</summary>
    RetrySame,

    /// <summary>The key was refused, or is used up: the same target may be called with another.</summary>
    NextKey,

    /// <summary>The target wants fewer requests: it may be called again after a short wait, or another one at once.</summary>
    Wait,

    /// <summary>The target could not serve; another one might.</summary>
    TryNext,

    /// <summary>The request is too long for the target; one with a larger window might serve.</summary>
    LargerWindow,

    /// <summary>The target can't do what is asked; one that says it can might serve.</summary>
    OtherAbilities,

    /// <summary>The answer broke off after the client had seen some of it: only a continuation may follow.</summary>
    Broken,

    /// <summary>Another attempt at the same request answered first.</summary>
    Superseded,

    /// <summary>The target did not go on with a broken answer in the way it was asked to: it may be asked in another.</summary>
    OtherWay,
}
