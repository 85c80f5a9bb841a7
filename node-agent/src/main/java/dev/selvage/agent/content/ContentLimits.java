package dev.selvage.agent.content;

/**
 * What the store may take of the disk.
 *
 * @param total bytes of everything
 * @param cache bytes of what nobody holds
 * @param spare bytes of the disk that are left free
 * @param small bytes up to which an item is a row of the index and no file: one sync instead of three
 */
public record ContentLimits(long total, long cache, long spare, int small) {
    public static final ContentLimits DEFAULT = new ContentLimits(64L << 30, 4L << 30, 64L << 20, 16 << 10);

    public ContentLimits {
        if (total < 1 || cache < 0 || spare < 0 || small < 0) {
            throw new IllegalArgumentException("limits must not be negative");
        }
    }
}
