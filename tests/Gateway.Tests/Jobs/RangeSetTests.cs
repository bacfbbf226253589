using CsCheck;
using Gateway.Jobs.Usage;

namespace Gateway.Tests.Jobs;

public class RangeSetTests
{
    [Fact]
    public void Add_AnyRanges_IsTheSetOfThem() =>
        Gen.Select(Gen.Long[1, 40], Gen.Long[0, 9]).List[0, 12].Sample(ranges =>
        {
            var (set, model) = (new RangeSet(), new HashSet<long>());
            foreach (var (first, more) in ranges)
            {
                var isNew = false;
                for (var i = first; i <= first + more; i++)
                    isNew |= model.Add(i);
                Assert.Equal(isNew, set.Add(first, first + more));
            }

            for (var i = 0L; i < 60; i++)
                Assert.Equal(model.Contains(i), set.Contains(i));
            for (var i = 2; i < set.Bounds.Count; i += 2)
                Assert.True(set.Bounds[i] > set.Bounds[i - 1] + 1); // neither touching nor overlapping
            var through = 0L;
            while (model.Contains(through + 1))
                through++;
            Assert.Equal(through, set.Through());
        });
}
