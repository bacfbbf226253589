using Gateway.Admission.Directory;
using Gateway.Secrets;

namespace Gateway.Configuration;

/// <summary>One virtual key as declared: it has either a hash or a <see cref="Value"/>.</summary>
/// <param name="Entity">What it may do, and its hash where that is written.</param>
internal sealed record KeyConfig(KeyEntity Entity)
{
    /// <summary>Where the key itself is kept.</summary>
    public SecretReference? Value { get; init; }
}
