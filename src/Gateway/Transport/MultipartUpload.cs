using System.Net;
using System.Text;

namespace Gateway.Transport;

/// <summary>
/// A multipart request on its way to a provider. What precedes the <c>model</c> part is kept until the model is known; the rest is passed on
/// as it arrives. The model's own part is left out and the target's model written as the first part; every other byte stays as it came.
/// </summary>
internal sealed class MultipartUpload : IDisposable
{
    private const int MaxModelBytes = 256;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly MultipartReader _reader;
    private readonly PooledBuffer _head = new(4096);
    private readonly PooledBuffer _model = new(MaxModelBytes);
    private readonly string _contentType;
    private readonly string _boundary;
    private readonly long? _declared;
    private bool _isWhole;
    private bool _sawModel;
    private bool _inModel;
    private bool _inFile;
    private Task _sending = Task.CompletedTask;

    /// <param name="body">The client's bytes; not disposed.</param>
    /// <param name="contentType">The content type as the client wrote it.</param>
    /// <param name="boundary">The boundary in it.</param>
    /// <param name="maxBytes">Most bytes taken in.</param>
    /// <param name="declared">The length the client declared, or null.</param>
    public MultipartUpload(Stream body, string contentType, string boundary, long maxBytes, long? declared)
    {
        _reader = new MultipartReader(body, boundary, maxBytes);
        (_contentType, _boundary, _declared) = (contentType, boundary, declared);
    }

    /// <summary>The model in the body, once <see cref="ReadUntilModelAsync"/> has found it.</summary>
    public string? Model { get; private set; }

    /// <summary>Whether a part named <c>model</c> is like any other: then no model is looked for.</summary>
    public bool KeepsModel { get; init; }

    /// <summary>What was wrong with the upload.</summary>
    public UploadFault Fault { get; private set; }

    /// <summary>Whether bytes went on that were not kept: the upload can't be sent again.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>Bytes of files so far.</summary>
    public long FileBytes { get; private set; }

    /// <summary>Files so far.</summary>
    public int Files { get; private set; }

    /// <summary>Reads until the whole <c>model</c> part has come.</summary>
    /// <returns>False when there is none, or there is a <see cref="Fault"/>.</returns>
    public async ValueTask<bool> ReadUntilModelAsync(CancellationToken cancellation)
    {
        while (Model is null && !_isWhole && Fault == UploadFault.None)
        {
            if (await NextAsync(cancellation).ConfigureAwait(false) is { IsEmpty: false } bytes)
                _head.Append(bytes.Span);
        }

        return Fault == UploadFault.None && Model is not null;
    }

    /// <summary>The body for a provider.</summary>
    /// <param name="model">The target's model; null writes none.</param>
    public HttpContent ContentFor(string? model) => new UploadContent(this, _contentType, FirstPart(model));

    /// <summary>Waits until nothing reads the client's bytes any more; never throws.</summary>
    public Task StoppedAsync() => _sending.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    public void Dispose()
    {
        _reader.Dispose();
        _head.Dispose();
        _model.Dispose();
    }

    private byte[] FirstPart(string? model) =>
        model is null ? [] : Encoding.UTF8.GetBytes($"--{_boundary}\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n{model}");

    /// <summary>The next bytes to pass on, which may be none; sets the fault instead of throwing.</summary>
    private async ValueTask<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancellation)
    {
        try
        {
            return Sift(await _reader.NextAsync(cancellation).ConfigureAwait(false));
        }
        catch (UploadTooLargeException)
        {
            Fault = UploadFault.TooLarge;
        }
        catch (InvalidDataException)
        {
            Fault = UploadFault.Malformed;
        }
        catch (IOException) when (!cancellation.IsCancellationRequested)
        {
            Fault = UploadFault.Interrupted;
        }

        return default;
    }

    private ReadOnlyMemory<byte> Sift(in MultipartPiece piece)
    {
        switch (piece.Kind)
        {
            case MultipartPieceKind.Head:
                EndModel();
                BeginPart(piece);
                return _inModel ? default : piece.Bytes;
            case MultipartPieceKind.Content when _inModel:
                if (_model.Length + piece.Bytes.Length > MaxModelBytes)
                    Fault = UploadFault.BadModel;
                else
                    _model.Append(piece.Bytes.Span);
                return default;
            case MultipartPieceKind.Content:
                if (_inFile)
                    FileBytes += piece.Bytes.Length;
                return piece.Bytes;
            case MultipartPieceKind.Closing:
                EndModel();
                return piece.Bytes;
            case MultipartPieceKind.End:
                _isWhole = true;
                return default;
            default:
                return default;
        }
    }

    private void BeginPart(in MultipartPiece head)
    {
        _inFile = head.IsFile;
        Files += head.IsFile ? 1 : 0;
        // Some servers match names without regard to case.
        _inModel = !KeepsModel && string.Equals(head.Name, "model", StringComparison.OrdinalIgnoreCase);
        if (_inModel && (_sawModel || head.IsFile))
            Fault = _sawModel ? UploadFault.DuplicateModel : UploadFault.BadModel;
        _sawModel |= _inModel;
    }

    private void EndModel()
    {
        if (!_inModel || Fault != UploadFault.None)
            return;
        _inModel = false;
        try
        {
            Model = Strict.GetString(_model.WrittenSpan);
        }
        catch (DecoderFallbackException)
        {
            Fault = UploadFault.BadModel;
        }

        if (Model is { Length: 0 })
            Fault = UploadFault.BadModel;
    }

    /// <summary>How long the body for a provider is; null when that can't be known yet.</summary>
    private long? LengthWith(ReadOnlySpan<byte> firstPart)
    {
        if (_isWhole)
            return firstPart.Length + _head.Length - (firstPart.IsEmpty ? 2 : 0);
        // A model that is still to come would be left out.
        return Model is not null && _declared is { } declared ? firstPart.Length + _head.Length + declared - _reader.GivenOut : null;
    }

    private async Task SendAsync(Stream stream, byte[] firstPart, CancellationToken cancellation)
    {
        await stream.WriteAsync(firstPart, cancellation).ConfigureAwait(false);
        var seam = firstPart.Length == 0 ? 2 : 0; // without a part before it the first boundary begins no line
        if (_head.Length > 0)
        {
            await stream.WriteAsync(_head.WrittenMemory[seam..], cancellation).ConfigureAwait(false);
            seam = 0;
        }

        while (!_isWhole)
        {
            IsSpent = true;
            var bytes = await NextAsync(cancellation).ConfigureAwait(false);
            if (Fault != UploadFault.None)
                throw new IOException("The upload cannot be passed on.");
            if (bytes.IsEmpty)
                continue;
            await stream.WriteAsync(bytes[seam..], cancellation).ConfigureAwait(false);
            seam = 0;
        }
    }

    /// <summary>The upload as a request body.</summary>
    private sealed class UploadContent : HttpContent
    {
        private readonly MultipartUpload _upload;
        private readonly byte[] _firstPart;

        public UploadContent(MultipartUpload upload, string contentType, byte[] firstPart)
        {
            (_upload, _firstPart) = (upload, firstPart);
            Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            _upload._sending = _upload.SendAsync(stream, _firstPart, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            var known = _upload.LengthWith(_firstPart);
            length = known ?? 0;
            return known is not null;
        }
    }
}
