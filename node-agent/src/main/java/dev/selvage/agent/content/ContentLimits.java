package dev.selvage.agent.content;

/**
 * What the store may take of the disk.
 *
 * @param total bytes of everything
 * @param cache bytes of what nobody holds
 * @param spare bytes of the disk that are left free
 */
public record ContentLimits(long total, long cache, long spare) {
    public static final ContentLimits DEFAULT = new ContentLimits(64L << 30, 4L << 30, 64L << 20);

    public ContentLimits {
        if (total < 1 || cache < 0 || spare < 0) {
            throw new IllegalArgumentException("limits must not be negative");
        }
    }
}
