using Gateway.Transport;

namespace Gateway.Dialects;

/// <summary>A tap that also collects what an estimate needs when the provider never says how many tokens it was.</summary>
internal abstract class DialectStreamTap : IStreamTap, IDisposable
{
    /// <summary>Longest text kept for an estimate, in bytes; beyond it the count is scaled up.</summary>
    public const int MaxKeptText = 256 * 1024;

    private PooledBuffer? _text;

    public abstract bool Finished { get; }

    public abstract ReadOnlyMemory<byte> MissingTerminator { get; }

    /// <summary>The provider's in-stream error after <see cref="TapVerdict.Error"/>.</summary>
    public ProviderErrorFacts? Error { get; protected set; }

    /// <summary>Output text seen so far, as it stood between quotes in JSON: escapes are not decoded.</summary>
    public ReadOnlySpan<byte> SeenText => _text is null ? default : _text.WrittenSpan;

    /// <summary>Bytes of output text seen, kept or not.</summary>
    public long SeenTextBytes { get; private set; }

    public virtual bool Replaces => false;

    public virtual ReadOnlySpan<byte> Replacement => default;

    public abstract TapVerdict Observe(in StreamFrame frame);

    public void Dispose() => _text?.Dispose();

    /// <summary>Notes a piece of output text.</summary>
    protected void Saw(ReadOnlySpan<byte> escapedText)
    {
        SeenTextBytes += escapedText.Length;
        if (SeenTextBytes <= MaxKeptText)
            (_text ??= new PooledBuffer(1024)).Append(escapedText);
    }
}
