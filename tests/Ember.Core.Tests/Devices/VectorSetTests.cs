using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Ember.Core.Devices;

namespace Ember.Core.Tests.Devices;

public sealed class VectorSetTests
{
    [Fact]
    public void Vector_sets_agree_with_sets() => Gen.Select(Gen.Byte, Gen.Bool).Array[0, 100].Sample(script =>
    {
        VectorSet set = default;
        SortedSet<int> model = [];
        foreach ((byte vector, bool add) in script)
        {
            if (add)
            {
                set.Add(vector);
                model.Add(vector);
            }
            else
            {
                set.Remove(vector);
                model.Remove(vector);
            }

            Assert.Equal(model.Count == 0 ? -1 : model.Max, set.Highest);
        }

        Assert.All(Enumerable.Range(0, 256), vector => Assert.Equal(model.Contains(vector), set.Contains((byte)vector)));
        Assert.All(Enumerable.Range(0, 256), vector =>
            Assert.Equal(model.Contains(vector), (set.Register(vector / 32) >> (vector % 32) & 1) != 0));
    });
}
