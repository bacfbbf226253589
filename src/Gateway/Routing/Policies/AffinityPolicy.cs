namespace Gateway.Routing.Policies;

/// <summary>What keeps requests on one target, so that its prompt cache stays warm.</summary>
internal enum AffinityPolicy
{
    /// <summary>Nothing but what a provider needs: a response that is continued, reasoning that only its maker can read.</summary>
    None,

    /// <summary>The end user that the request names (<c>user</c>, <c>safety_identifier</c>, <c>metadata.user_id</c>), otherwise the key.</summary>
    User,

    /// <summary>The <c>prompt_cache_key</c>, otherwise how the conversation begins.</summary>
    Prompt,

    /// <summary>The virtual key.</summary>
    Key,

    /// <summary>A header that the route names.</summary>
    Header,
}
