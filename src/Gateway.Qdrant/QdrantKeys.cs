using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Caching.Semantic;

namespace Gateway.Qdrant;

/// <summary>Keys of points. The same entry has the same key in every replica, so storing it again replaces it.</summary>
internal static class QdrantKeys
{
    /// <summary>The key of an entry.</summary>
    public static Guid Of(IndexScope scope, UInt128 entry)
    {
        var tenant = Encoding.UTF8.GetBytes(scope.Tenant.Id);
        // The numbers have fixed lengths and come first, so that no two entries give the same bytes.
        var text = new byte[32 + tenant.Length];
        BinaryPrimitives.WriteUInt128BigEndian(text, scope.Partition);
        BinaryPrimitives.WriteUInt128BigEndian(text.AsSpan(16), entry);
        tenant.CopyTo(text, 32);
        return new Guid(SHA256.HashData(text).AsSpan(0, 16), bigEndian: true);
    }

    /// <summary>A number as it is kept in a record.</summary>
    public static string Text(UInt128 number) => number.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>Reads <see cref="Text"/>.</summary>
    public static UInt128 Number(string text) => UInt128.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
