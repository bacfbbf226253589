using Gateway.Admission;

namespace Gateway.Tests.Admission;

public class FixedTimeTests
{
    [Fact]
    public void AreEqual_OfAnyLength_SeesEveryByte()
    {
        for (var length = 0; length <= 40; length++)
        {
            var left = Enumerable.Range(1, length).Select(i => (byte)i).ToArray();
            Assert.True(FixedTime.AreEqual(left, left.ToArray()));
            Assert.False(FixedTime.AreEqual(left, [.. left, 0]));
            for (var i = 0; i < length; i++)
            {
                var right = left.ToArray();
                right[i] ^= 0x80;
                Assert.False(FixedTime.AreEqual(left, right));
            }
        }
    }
}
