using System.IO.Pipelines;
using Gateway.State.Journal;

namespace Gateway.Audit;

/// <summary>Writes a log as JSON lines, see <see cref="AuditLine"/>.</summary>
internal static class AuditExport
{
    private const int Page = 256;

    /// <summary>Writes every record there is, in order.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="InvalidDataException">The chain is broken; the records before the break are written.</exception>
    public static async Task<long> WriteAsync(IJournal journal, Stream output, CancellationToken cancellation = default)
    {
        var pipe = PipeWriter.Create(output, new StreamPipeWriterOptions(leaveOpen: true));
        var last = 0L;
        try
        {
            IReadOnlyList<JournalRecord> records;
            do
            {
                records = await journal.ReadAsync(last, Page, cancellation).ConfigureAwait(false);
                foreach (var record in records)
                    AuditLine.Write(pipe, record);
                last += records.Count;
                await pipe.FlushAsync(cancellation).ConfigureAwait(false);
            }
            while (records.Count == Page);
        }
        finally
        {
            await pipe.CompleteAsync().ConfigureAwait(false);
        }

        return last;
    }
}
